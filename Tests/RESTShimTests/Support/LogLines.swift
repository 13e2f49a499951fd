import Foundation
import Synchronization

/// What the access log has written.
final class LogLines: Sendable {
    private let text = Mutex("")

    func append(_ bytes: [UInt8]) {
        text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
    }

    var all: String { text.withLock { $0 } }

    /// Each line's object.
    var entries: [[String: Any]] {
        all.split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
        }
    }
}
