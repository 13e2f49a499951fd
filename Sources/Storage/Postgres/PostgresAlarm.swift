import Foundation

/// Wakes a thread that sleeps for a socket.
final class PostgresAlarm: Sendable {
    private let ears: Int32
    private let bell: Int32

    /// - Throws: ``StorageError/overloaded`` where the process has no descriptors left.
    init() throws(StorageError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .overloaded }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (ears, bell) = (ends[0], ends[1])
    }

    deinit {
        close(ears)
        close(bell)
    }

    func ring() {
        var byte: UInt8 = 1
        // A pipe that is full wakes as well.
        _ = write(bell, &byte, 1)
    }

    /// Returns when it rings, when the socket has something to say, or at an instant; a ring while nobody sleeps ends the next sleep.
    func sleep(until end: ContinuousClock.Instant?, socket: Int32 = -1) {
        var descriptors = [
            pollfd(fd: ears, events: Int16(POLLIN), revents: 0), pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        let left = end.map { max(.zero, $0 - ContinuousClock.now) / .milliseconds(1) }
        _ = poll(&descriptors, nfds_t(descriptors.count), left.map { Int32(min($0.rounded(.up), 3_600_000)) } ?? -1)
        guard descriptors[0].revents != 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(ears, &bytes, bytes.count) > 0 {}
    }
}
