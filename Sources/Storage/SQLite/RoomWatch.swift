import Foundation
import Synchronization

/// Looks at the disk of a database: where less than a bound is free nothing is stored any more, so that the rest of the machine,
/// and what it takes to read and to recover, has room.
final class RoomWatch: Sendable {
    private struct State {
        var isShort = false
        var nextLook = ContinuousClock.now
    }

    private static let pace: Duration = .milliseconds(100)

    private let folder: String
    private let leastBytes: Int64
    private let freeBytes: @Sendable (String) -> Int64?
    private let state = Mutex(State())

    init(_ settings: SQLiteSettings) {
        let folder = (settings.path as NSString).deletingLastPathComponent
        self.folder = folder.isEmpty ? "." : folder
        leastBytes = settings.configuration.leastFreeBytes
        freeBytes = settings.configuration.freeBytes
    }

    /// Looks at most ten times a second.
    var isShort: Bool {
        if leastBytes == 0 { return false }
        return state.withLock { state in
            let now = ContinuousClock.now
            if now >= state.nextLook {
                state.isShort = look(state.isShort)
                state.nextLook = now + Self.pace
            }
            return state.isShort
        }
    }

    /// Looks now.
    func isShortNow() -> Bool {
        state.withLock { $0.nextLook = .now }
        return isShort
    }

    /// Once short, an eighth more must be free, so that it does not go to and fro. A disk that can't be asked is not short: its
    /// own refusal counts then.
    private func look(_ wasShort: Bool) -> Bool {
        guard let free = freeBytes(folder) else { return false }
        return free < leastBytes + (wasShort ? leastBytes / 8 : 0)
    }
}
