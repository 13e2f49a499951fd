import Foundation
import NotificationRules
import Synchronization

/// Appends letters to a file, one JSON object a line, each on the disk before it counts as handed over. Letters that are
/// handed over at the same time share one flush.
///
/// The file holds names and addresses: only its owner may read it, and it is kept for a while only.
final class FileTransport: Transport {
    private struct Waiting {
        let line: [UInt8]
        let answer: CheckedContinuation<Handover, Never>
    }

    let lettersAtOnce = 128
    private let file: OutgoingFile
    private let thread = BlockingThreads.one("hms.notification.file")
    private let waiting = Mutex<[Waiting]>([])

    init(_ file: OutgoingFile) {
        self.file = file
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let line = try? letter.json() else { return .refused("The notification has no JSON form.") }
        return await withCheckedContinuation { answer in
            let isFirst = waiting.withLock { waiting in
                waiting.append(Waiting(line: line + [UInt8(ascii: "\n")], answer: answer))
                return waiting.count == 1
            }
            if isFirst { thread.start { [self] in appendWaiting() } }
        }
    }

    private func appendWaiting() {
        let letters = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let error = file.append(letters.flatMap(\.line))
        let handover = error == 0 ? Handover.accepted : .failed("The file cannot be written: \(String(cString: strerror(error))).")
        for letter in letters { letter.answer.resume(returning: handover) }
    }

    /// Begins a new file where one is due, and removes those that are too old.
    func clean() async throws {
        try await thread.run { [file] in Result { try file.clean() } }.get()
    }
}
