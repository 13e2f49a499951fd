import Foundation
public import Vocabulary

/// A hospital's clock file in somebody's hands: every process of the hospital reads its time from it.
public struct MovedClock: Sendable {
    public let path: String

    public init(path: String, at instant: Instant) throws {
        self.path = path
        try move(to: instant)
    }

    /// Shows another instant from now on.
    public func move(to instant: Instant) throws {
        // In one step, so that nobody ever reads half an instant.
        try Data("\(instant)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    public func now() throws -> Instant {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let instant = Instant(rfc3339: text.filter { !$0.isWhitespace }) else { throw CocoaError(.fileReadCorruptFile) }
        return instant
    }

    public func advance(by duration: Duration) throws {
        try move(to: try now() + duration)
    }
}
