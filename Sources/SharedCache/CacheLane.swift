import Foundation
import Synchronization

/// Where callers leave operations for the thread that owns the connection, and by which they wake it.
final class CacheLane: Sendable {
    fileprivate struct State {
        var waiting: [CacheOperation] = []
        /// Handed to the thread, and not ended.
        var underWay = 0
        var isOpen = false
        var isStopped = false
        var isAsleep = false
        var counts = CacheCounts()
    }

    private let state = Mutex(State())
    private let most: Int
    private let alarm: (ears: Int32, bell: Int32)

    /// - Throws: where the process has no descriptors left.
    init(atMost most: Int) throws(CacheFailure) {
        self.most = most
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CacheFailure(description: "no pipe can be made: \(String(cString: strerror(errno)))") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        alarm = (ends[0], ends[1])
    }

    deinit {
        close(alarm.ears)
        close(alarm.bell)
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }
    var counts: CacheCounts { state.withLock { $0.counts } }

    func count(_ change: (inout CacheCounts) -> Void) {
        state.withLock { change(&$0.counts) }
    }

    /// False where nobody would answer in time; nothing is kept then.
    func submit(_ operation: CacheOperation) -> Bool {
        let (isTaken, isAsleep) = state.withLock { state in
            guard state.isOpen, !state.isStopped, state.waiting.count + state.underWay < most else {
                state.counts.unsent += 1
                return (false, false)
            }
            state.waiting.append(operation)
            return (true, state.wake())
        }
        if isAsleep { ring() }
        return isTaken
    }

    func stop() {
        if state.withLock({
            $0.isStopped = true; return $0.wake()
        }) {
            ring()
        }
    }

    private func ring() {
        var byte: UInt8 = 1
        // A pipe that is full wakes as well.
        _ = write(alarm.bell, &byte, 1)
    }
}

/// The thread's side.
extension CacheLane {
    /// Everything that waits, the oldest first.
    func takeWaiting() -> [CacheOperation] {
        state.withLock { state in
            defer { state.waiting = [] }
            state.underWay += state.waiting.count
            return state.waiting
        }
    }

    /// - Parameter underWay: how many operations the thread still has.
    func set(open isOpen: Bool, underWay: Int) {
        state.withLock {
            $0.isOpen = isOpen
            $0.underWay = underWay
        }
    }

    /// Lets go of everybody who waits, until it is opened again.
    func shut() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = false
            state.underWay = 0
            state.counts.failures += state.waiting.count
            return state.waiting
        }
        for operation in waiting { operation.caller?.resume(returning: nil) }
    }

    /// Waits for the socket, for an operation or for an instant, whichever is first; says whether the socket has something to tell.
    func sleep(until end: ContinuousClock.Instant, socket: Int32 = -1, toWrite: Bool = false) -> Bool {
        let isAsleep = state.withLock { $0.fallAsleep() }
        var descriptors = [
            pollfd(fd: alarm.ears, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN) | (toWrite ? Int16(POLLOUT) : 0), revents: 0),
        ]
        let left = isAsleep ? max(.zero, end - ContinuousClock.now) / .milliseconds(1) : 0
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(min(left.rounded(.up), 3_600_000)))
        state.withLock { $0.isAsleep = false }
        if descriptors[0].revents != 0 { hear() }
        return descriptors[1].revents != 0
    }

    private func hear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(alarm.ears, &bytes, bytes.count) > 0 {}
    }
}

extension CacheLane.State {
    /// Whether the thread sleeps and must be woken; it is only once.
    fileprivate mutating func wake() -> Bool {
        defer { isAsleep = false }
        return isAsleep
    }

    /// False where there is something to do.
    fileprivate mutating func fallAsleep() -> Bool {
        isAsleep = waiting.isEmpty && !isStopped
        return isAsleep
    }
}
