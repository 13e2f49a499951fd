import Logging
import Synchronization
import Vocabulary

/// A file with one RFC 3339 instant, read again only when it has changed.
final class ClockFile: Sendable {
    private struct State {
        var instant: Instant
        /// The file as it was read; nil where it must be read again.
        var stamp: FileStamp?
        var complaint: String?
    }

    private let path: String
    private let logger: Logger
    private let state: Mutex<State>

    init(path: String, logger: Logger) throws {
        self.path = path
        self.logger = logger
        let stamp = FileStamp.settled(path: path)
        state = Mutex(State(instant: try Self.instant(in: path), stamp: stamp))
    }

    func now() -> Instant {
        state.withLock { state in
            if let stamp = state.stamp, FileStamp(path: path) == stamp { return state.instant }
            readAgain(&state)
            return state.instant
        }
    }

    private func readAgain(_ state: inout State) {
        let stamp = FileStamp.settled(path: path)
        do {
            state.instant = try Self.instant(in: path)
            state.stamp = stamp
            state.complaint = nil
        } catch {
            state.stamp = nil
            complain("\(error)", &state)
        }
    }

    /// Logs each complaint once, not at every look at the clock.
    private func complain(_ complaint: String, _ state: inout State) {
        guard state.complaint != complaint else { return }
        state.complaint = complaint
        logger.error("The clock file cannot be read; the last good time holds", metadata: ["error": "\(complaint)"])
    }

    private static func instant(in path: String) throws -> Instant {
        let text = String(decoding: try LocalFile.read(path, atMost: 1_024), as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let word = words.first, words.count == 1, let instant = Instant(rfc3339: String(word)) else {
            throw FileError(path, "does not hold one RFC 3339 instant")
        }
        return instant
    }
}
