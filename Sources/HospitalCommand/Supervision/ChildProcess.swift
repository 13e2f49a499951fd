import Foundation
import Synchronization

/// A running child: in a process group of its own, its output read line by line, its end waited for.
///
/// Its standard input is the lifeline: the read end of a pipe whose other end lives in this process alone. It ends when
/// this process does, however that happens, and a child that watches it (`Lifeline`) ends too.
final class ChildProcess: Sendable {
    let pid: pid_t
    private let end = Latch<ProcessEnd>()
    private let outputEnd = Latch<Void>()
    private let isReaped = Mutex(false)

    /// - Parameter onLine: called with each line of standard output and standard error, on a thread of the child's own.
    init(_ command: ProcessCommand, input: Int32, onLine: @escaping @Sendable ([UInt8]) -> Void) throws(SpawnError) {
        let pipe = try Descriptors.makePipe()
        defer { close(pipe.writing) }
        do {
            pid = try Spawn.start(command, input: input, output: pipe.writing)
        } catch {
            close(pipe.reading)
            throw error
        }
        Thread.detachNewThread { [outputEnd] in
            Self.readLines(from: pipe.reading, onLine)
            outputEnd.set(())
        }
        Thread.detachNewThread { self.reap() }
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
        let patience = Task { [outputEnd] in
            try? await Task.sleep(for: .seconds(1))
            outputEnd.set(())
        }
        await outputEnd.value()
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

    private static func readLines(from descriptor: Int32, _ onLine: ([UInt8]) -> Void) {
        defer { close(descriptor) }
        var assembler = LineAssembler()
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == -1 && errno == EINTR { continue }
            guard count > 0 else { break }
            for line in assembler.add(buffer[..<count]) { onLine(line) }
        }
        if let rest = assembler.rest() { onLine(rest) }
    }
}
