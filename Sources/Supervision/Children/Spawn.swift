import Foundation
import ServiceKit
import Synchronization

/// Starting a program with chosen descriptors and nothing else of this process: no sockets, no signal mask, no ignored
/// signals.
enum Spawn {
    /// - Parameters:
    ///   - input: becomes the program's standard input; what it writes to its two other streams goes to ours for errors.
    ///   - progress: becomes the descriptor of that name, beside those of the command.
    static func start(_ command: ProcessCommand, input: Int32, progress: Int32) throws(SpawnError) -> pid_t {
        var inherited = [(name: InheritedDescriptors.Name.progress, number: progress)]
        defer { for copy in inherited.dropFirst() { Foundation.close(copy.number) } }
        for (name, descriptor) in command.descriptors { inherited.append((name, try descriptor.duplicate())) }
        return try start(command, input: input, inherited: inherited)
    }

    private static func start(
        _ command: ProcessCommand, input: Int32, inherited: [(name: InheritedDescriptors.Name, number: Int32)]
    ) throws(SpawnError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        let given = give(inherited, &actions)
        setAttributes(&attributes)
        var pid: pid_t = 0
        let environment = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
            .merging([InheritedDescriptors.variable: InheritedDescriptors.text(given)]) { $1 }
        let error = withCStrings([command.executable] + command.arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                Descriptors.tableLock.withLock { _ in
                    posix_spawn(&pid, command.executable, &actions, &attributes, arguments, variables)
                }
            }
        }
        guard error == 0 else { throw SpawnError(what: command.executable, errorNumber: error) }
        return pid
    }

    /// Gives the descriptors the numbers from 3 up, and closes everything behind them: sockets are made without the mark
    /// that keeps children from inheriting them, and a child that held one would hold its port and its connection when
    /// this process has long let go of them.
    private static func give(
        _ inherited: [(name: InheritedDescriptors.Name, number: Int32)], _ actions: inout posix_spawn_file_actions_t
    ) -> [(name: InheritedDescriptors.Name, number: Int32)] {
        var next = STDERR_FILENO + 1
        let given = inherited.map { name, number in
            defer { next += 1 }
            posix_spawn_file_actions_adddup2(&actions, number, next)
            return (name: name, number: next)
        }
        close(from: next, &actions)
        return given
    }

    /// Closing what is not open does no harm, so some more are named than there are: other threads go on opening.
    private static func close(from first: Int32, _ actions: inout posix_spawn_file_actions_t) {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let highest = open.compactMap { Int32($0) }.max() ?? first
        let limit = Int32(clamping: sysconf(Int32(_SC_OPEN_MAX)))
        for descriptor in first..<max(first, min(highest + 256, limit)) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
    }

    /// A process group of its own keeps Ctrl-C with the parent, which then stops the children in order.
    private static func setAttributes(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
