import Foundation
public import Vocabulary

/// A hospital's clock file that a test moves: every process of the hospital reads its time from it.
public final class MovedClock: Sendable {
    public let path: String

    public init(in folder: TemporaryFolder, at instant: Instant) throws {
        path = folder.path + "/clock"
        try move(to: instant)
    }

    /// Shows another instant from now on. Time only moves forward in a hospital; this does not check it.
    public func move(to instant: Instant) throws {
        // In one step, so that nobody ever reads half an instant.
        try Data("\(instant)\n".utf8).write(to: URL(filePath: path), options: .atomic)
    }

    public func now() throws -> Instant {
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let instant = Instant(rfc3339: text) else { throw CocoaError(.fileReadCorruptFile) }
        return instant
    }

    public func advance(by duration: Duration) throws {
        try move(to: try now() + duration)
    }
}
