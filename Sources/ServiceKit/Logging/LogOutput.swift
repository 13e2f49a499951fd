import Dispatch
import Foundation
import Synchronization

/// Where log lines go. Nobody who logs ever waits for whoever reads the log: lines gather in a bounded buffer, and a
/// thread of its own writes them, many at a time. What found no room is counted and told in a line as soon as there is some.
///
/// Each write holds whole lines and no more than a pipe takes in one piece, so that several processes can write to one
/// pipe without mixing their lines.
public final class LogOutput: Sendable {
    private struct Waiting {
        var lines: [UInt8] = []
        var dropped = 0
        /// Who wrote what was dropped last: the lines' own name for this process.
        var service = ""
        var isClosed = false
    }

    private let descriptor: Int32
    private let boundBytes: Int
    private let gathering: DispatchTimeInterval
    /// How long buffers are kept that nothing waits in.
    private let calm = DispatchTimeInterval.seconds(1)
    private let waiting = Mutex(Waiting())
    /// What has been handed over and is not written yet; read by signal handlers, which may take no lock.
    private let unwrittenBytes = Atomic(0)
    /// Signalled when the buffer stops being empty.
    private let work = DispatchSemaphore(value: 0)
    /// Signalled when the gathering shall end early.
    private let hurry = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - descriptor: stays open and is the caller's.
    ///   - boundBytes: the most that waits for a reader.
    ///   - gathering: how long the first line waits for others to share its write.
    public init(descriptor: Int32, boundBytes: Int = 1 << 20, gathering: DispatchTimeInterval = .milliseconds(10)) {
        self.descriptor = descriptor
        self.boundBytes = boundBytes
        self.gathering = gathering
        let thread = Thread {
            // The system is told a name only by the thread itself.
            Thread.current.name = "hms-log"
            self.writeUntilClosed()
        }
        thread.stackSize = 128 * 1024
        thread.start()
    }

    /// Takes whole lines with their line breaks, or drops them all where there is no room.
    public func write(_ lines: [UInt8], from service: String) {
        let wasEmpty = waiting.withLock { waiting in
            guard waiting.lines.count + lines.count <= boundBytes, !waiting.isClosed else {
                waiting.service = service
                waiting.dropped += lines.count { $0 == 0x0A }
                return false
            }
            let wasEmpty = waiting.lines.isEmpty
            waiting.lines.append(contentsOf: lines)
            unwrittenBytes.add(lines.count, ordering: .releasing)
            return wasEmpty
        }
        if wasEmpty { work.signal() }
    }

    /// Waits until everything is written, but no longer than `patience`: the reader may have stopped reading.
    public func flush(within patience: Duration) {
        hurry.signal()
        waitForWriter(within: patience)
    }

    /// Ends the thread once everything is written; later lines are dropped.
    public func close() {
        waiting.withLock { $0.isClosed = true }
        hurry.signal()
        work.signal()
    }

    /// Safe in a signal handler: it reads an atomic and sleeps.
    func waitForWriter(within patience: Duration) {
        let milliseconds = patience / .milliseconds(1)
        var waited = 0.0
        while unwrittenBytes.load(ordering: .acquiring) > 0, waited < milliseconds {
            usleep(1_000)
            waited += 1
        }
    }
}

// MARK: - On the writer's thread

extension LogOutput {
    private func writeUntilClosed() {
        var spare: [UInt8] = []
        while true {
            waitForWork(&spare)
            // Whether it ends early or not, what has gathered is written.
            _ = hurry.wait(timeout: .now() + gathering)
            let (count, isClosed) = take(&spare)
            write(spare)
            unwrittenBytes.subtract(count, ordering: .releasing)
            spare.removeAll(keepingCapacity: true)
            if isClosed { return }
        }
    }

    /// In a rush two buffers take turns, and neither has to grow again. When nobody has logged for a while they are given back.
    private func waitForWork(_ spare: inout [UInt8]) {
        guard work.wait(timeout: .now() + calm) == .timedOut else { return }
        spare = []
        waiting.withLock { if $0.lines.isEmpty { $0.lines = [] } }
        work.wait()
    }

    /// Exchanges the empty `buffer` for what waits, and ends it with how much was dropped meanwhile.
    ///
    /// - Returns: how many bytes were handed over by others.
    private func take(_ buffer: inout [UInt8]) -> (count: Int, isClosed: Bool) {
        let (dropped, service, isClosed) = waiting.withLock { waiting in
            swap(&buffer, &waiting.lines)
            defer { waiting.dropped = 0 }
            return (waiting.dropped, waiting.service, waiting.isClosed)
        }
        let count = buffer.count
        if dropped > 0 { buffer += Self.notice(of: dropped, service) }
        return (count, isClosed)
    }

    private static func notice(of dropped: Int, _ service: String) -> [UInt8] {
        let message = dropped == 1 ? "1 line was dropped" : "\(dropped) lines were dropped"
        var line = JSONLine(at: SystemTime.millisecondsSinceEpoch(), level: "warning", service: service, message: message)
        line.add("dropped", dropped)
        return line.finished()
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Self.wholeLines(of: rest, atMost: pieceLimit)
                guard write(piece: UnsafeRawBufferPointer(rebasing: piece)) else { return }
                rest = rest.dropFirst(piece.count)
            }
        }
    }

    /// A file takes any number of lines in one piece.
    private var pieceLimit: Int {
        let isPipe = lseek(descriptor, 0, SEEK_CUR) < 0
        return isPipe ? JSONLine.logLimit : 64 * 1024
    }

    private static func wholeLines(of bytes: Slice<UnsafeRawBufferPointer>, atMost limit: Int) -> Slice<UnsafeRawBufferPointer> {
        guard bytes.count > limit else { return bytes }
        let piece = bytes.prefix(limit)
        return piece.lastIndex(of: 0x0A).map { piece[...$0] } ?? piece
    }

    /// False where nobody will ever read: logs are best effort, and the hospital goes on without them.
    private func write(piece: UnsafeRawBufferPointer) -> Bool {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = SystemWrite.write(UnsafeRawBufferPointer(rebasing: rest), to: descriptor)
            if count < 0, errno == EAGAIN { waitForRoom() } else if count <= 0 { return false } else { rest = rest.dropFirst(count) }
        }
        return true
    }

    /// Somebody else who holds the same pipe has made it non-blocking.
    private func waitForRoom() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
    }
}
