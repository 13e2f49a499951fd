import Foundation
import NotificationRules
import Synchronization

/// Appends letters to a file, one JSON object a line, each on the disk before it counts as handed over. Letters that are
/// handed over at the same time share one flush.
///
/// The file holds names and addresses: only its owner may read it, and it is kept for a while only.
final class FileTransport: BatchTransport {
    private struct Waiting {
        let lines: [UInt8]
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
        guard let line = letter.line else { return .withoutJSON }
        return await append(line)
    }

    func handOver(_ letters: [Letter]) async -> [Handover] {
        let lines = letters.map(\.line)
        let handover = await append(Array(lines.compactMap(\.self).joined()))
        return lines.map { $0 == nil ? .withoutJSON : handover }
    }

    private func append(_ lines: [UInt8]) async -> Handover {
        await withCheckedContinuation { answer in
            let isFirst = waiting.withLock { waiting in
                waiting.append(Waiting(lines: lines, answer: answer))
                return waiting.count == 1
            }
            if isFirst { thread.start { [self] in appendWaiting() } }
        }
    }

    private func appendWaiting() {
        let waiting = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let error = file.append(waiting.flatMap(\.lines))
        let handover = error == 0 ? Handover.accepted : .failed("The file cannot be written: \(String(cString: strerror(error))).")
        for handedOver in waiting { handedOver.answer.resume(returning: handover) }
    }

    /// Takes the letters to somebody out of all files.
    func forget(_ recipientID: String) async throws {
        try await thread.run { [file] in Result { try file.removeLetters(to: recipientID) } }.get()
    }

    /// Begins a new file where one is due, and removes those that are too old.
    func clean() async throws {
        try await thread.run { [file] in Result { try file.clean() } }.get()
    }
}

extension Letter {
    /// Nil where it has no JSON form.
    fileprivate var line: [UInt8]? {
        (try? json()).map { $0 + [UInt8(ascii: "\n")] }
    }
}

extension Handover {
    fileprivate static let withoutJSON = Handover.refused("The notification has no JSON form.")
}
