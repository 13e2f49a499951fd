import Dispatch
import Foundation
import ServiceKit

/// Keeps in files what this process and those that it starts write to standard error. Made before any of them is started.
///
/// The lines come through a pipe, so that a file is exchanged for the next one between two lines, and nobody who logs notices. Where they
/// can't be written, because the disk is full, they are dropped, and the hospital goes on.
public final class LogKeeper: Sendable {
    private let before: Int32
    private let isDone = DispatchSemaphore(value: 0)

    /// - Throws: what the system says of the folder, or of the pipe.
    public init(_ files: LogFiles) throws {
        let writer = try LogFileWriter(files)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        let (reading, writing) = (ends[0], ends[1])
        before = dup(STDERR_FILENO)
        _ = [reading, before].map { fcntl($0, F_SETFD, FD_CLOEXEC) }
        dup2(writing, STDERR_FILENO)
        close(writing)
        let keeping = Keeping(writer: writer, reading: reading)
        let thread = Thread { [isDone] in
            Thread.current.name = "hms-log-files"
            keeping.run()
            isDone.signal()
        }
        thread.stackSize = 256 * 1024
        thread.start()
    }

    /// Gives standard error back, once what was written to it is kept. Nobody else may hold it any more; who does is not waited for.
    public func stop() {
        LogOutput.standardError.flush(within: .seconds(1))
        dup2(before, STDERR_FILENO)
        _ = isDone.wait(timeout: .now() + .seconds(1))
    }
}

/// `@unchecked Sendable`: handed to one thread, which alone uses it.
private final class Keeping: @unchecked Sendable {
    private let writer: LogFileWriter
    private let reading: Int32

    init(writer: LogFileWriter, reading: Int32) {
        self.writer = writer
        self.reading = reading
    }

    /// Until everybody who wrote has gone.
    func run() {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        var rest: [UInt8] = []
        while true {
            // As much as is there: nobody waits until a whole piece is.
            let count = read(reading, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += piece[..<count]
            guard let end = rest.lastIndex(of: 0x0A) else { continue }
            keep(Array(rest[...end]))
            rest.removeFirst(end + 1)
        }
        close(reading)
        if !rest.isEmpty { keep(rest + [0x0A]) }
    }

    /// What can't be written is lost: there is nowhere left to say so.
    private func keep(_ lines: [UInt8]) {
        try? writer.write(lines)
    }
}
