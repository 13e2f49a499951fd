import Foundation
import NotificationRules

/// Appends letters to a file, one JSON object a line, each on the disk before it counts as handed over.
///
/// The file holds names and addresses: only its owner may read it, and it is kept for a while only.
struct FileTransport: Transport {
    private let file: OutgoingFile
    private let thread = BlockingThreads.one("hms.notification.file")

    init(_ file: OutgoingFile) {
        self.file = file
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let line = try? letter.json() else { return .refused("The notification has no JSON form.") }
        return await thread.run { [file] in
            let error = file.append(line + [UInt8(ascii: "\n")])
            return error == 0 ? .accepted : .failed("The file cannot be written: \(String(cString: strerror(error))).")
        }
    }

    /// Begins a new file where one is due, and removes those that are too old.
    func clean() async throws {
        try await thread.run { [file] in Result { try file.clean() } }.get()
    }
}
