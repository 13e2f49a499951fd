import Foundation
import Synchronization

/// A running child: in a process group of its own, what it says of its start read line by line, its end waited for. Its
/// output and its log go straight to this process's standard error.
///
/// Its standard input is the lifeline: the read end of a pipe whose other end lives in this process alone. It ends when
/// this process does, however that happens, and a child that watches it (`Lifeline`) ends too.
final class ChildProcess: Sendable {
    let pid: pid_t
    private let end = Latch<ProcessEnd>()
    private let progressEnd = Latch<Void>()
    private let isReaped = Mutex(false)

    /// - Parameter onProgress: called with each line that the child tells its supervisor, on a thread of the child's own.
    init(_ command: ProcessCommand, input: Int32, onProgress: @escaping @Sendable (String) -> Void) throws(SpawnError) {
        let pipe = try Descriptors.makePipe()
        defer { close(pipe.writing) }
        do {
            // Whoever tells of his start must never wait for us.
            _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
            pid = try Spawn.start(command, input: input, progress: pipe.writing)
        } catch {
            close(pipe.reading)
            throw error
        }
        Thread.detachNewThread { [progressEnd] in
            Thread.current.name = "hms-child-lines"
            Self.readLines(from: pipe.reading, onProgress)
            progressEnd.set(())
        }
        Thread.detachNewThread {
            Thread.current.name = "hms-child-end"
            self.reap()
        }
    }

    /// Waits for the end; when the waiting task is cancelled, asks the child to stop and kills it after `grace`.
    func waitForEnd(stoppingWithin grace: Duration) async -> ProcessEnd {
        let end = await withTaskCancellationHandler {
            await self.end.value()
        } onCancel: {
            stop(within: grace)
        }
        await waitForLastLines()
        return end
    }

    /// Sends a signal to the child, SIGKILL to its whole process group; nothing where the child has ended.
    func signal(_ number: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { _ = kill(number == SIGKILL ? -pid : pid, number) }
        }
    }

    private func stop(within grace: Duration) {
        signal(SIGTERM)
        Task {
            // A sleep can only fail by cancellation, and nothing cancels this task.
            try? await Task.sleep(for: grace)
            signal(SIGKILL)
        }
    }

    /// A grandchild may hold the pipe open for ever; nobody waits for that.
    private func waitForLastLines() async {
        let patience = Task { [progressEnd] in
            // Cancelled where the last lines came before.
            try? await Task.sleep(for: .seconds(1))
            progressEnd.set(())
        }
        await progressEnd.value()
        patience.cancel()
    }

    /// The process id stays taken until the child is reaped, so reaping and signalling exclude each other.
    private func reap() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        var status: Int32 = 0
        isReaped.withLock { isReaped in
            while waitpid(pid, &status, 0) == -1, errno == EINTR {}
            isReaped = true
        }
        let signal = status & 0x7F
        end.set(signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: signal))
    }

    private static func readLines(from descriptor: Int32, _ onLine: (String) -> Void) {
        defer { close(descriptor) }
        var assembler = LineAssembler()
        var buffer = [UInt8](repeating: 0, count: 4 * 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == -1 && errno == EINTR { continue }
            guard count > 0 else { break }
            for line in assembler.add(buffer[..<count]) { onLine(String(decoding: line, as: UTF8.self)) }
        }
        if let rest = assembler.rest() { onLine(String(decoding: rest, as: UTF8.self)) }
    }
}
