/// Keeps programs running until it is told to stop: starts them all at once, and each one again when it dies.
public struct Supervisor: Sendable {
    public enum Event: Sendable {
        case started(name: String, pid: Int32)
        /// What the program says of its start.
        case told(name: String, line: String)
        /// - Parameter restarts: how often the program has died so far.
        case died(name: String, ProcessEnd, restarts: Int, pause: Duration)
        /// Ended because it was told to.
        case stopped(name: String, ProcessEnd)
    }

    private let policy: RestartPolicy
    private let grace: Duration
    private let lifeline: (reading: Int32, writing: Int32)
    private let living = LivingChildren()
    private let onEvent: @Sendable (Event) -> Void

    /// - Parameter grace: how long a program may take to stop before it is killed.
    public init(
        policy: RestartPolicy = RestartPolicy(), grace: Duration = .seconds(10), onEvent: @escaping @Sendable (Event) -> Void
    ) throws {
        self.policy = policy
        self.grace = grace
        self.onEvent = onEvent
        lifeline = try Descriptors.makePipe()
    }

    /// Runs until the task is cancelled and every program has ended.
    public func run(_ commands: [ProcessCommand]) async {
        await withDiscardingTaskGroup { group in
            for command in commands {
                group.addTask { await keepRunning(command) }
            }
        }
    }

    /// Runs the front and the back; when the task is cancelled the back stops only once the whole front has, so that the
    /// front can finish what it has begun.
    public func run(front: [ProcessCommand], back: [ProcessCommand]) async {
        let backTask = Task { await run(back) }
        await run(front)
        backTask.cancel()
        await backTask.value
    }

    /// Kills what runs and starts nothing any more: for whoever does not want to wait for the end.
    public func killAll() {
        living.killAll()
    }

    private func keepRunning(_ command: ProcessCommand) async {
        var policy = policy
        var restarts = 0
        while !Task.isCancelled, !living.isForbidden {
            let start = ContinuousClock.now
            let end = await runOnce(command)
            if Task.isCancelled || living.isForbidden {
                onEvent(.stopped(name: command.name, end))
                return
            }
            restarts += 1
            let pause = policy.pause(afterAge: .now - start)
            onEvent(.died(name: command.name, end, restarts: restarts, pause: pause))
            // A cancelled sleep ends the loop through its condition.
            try? await Task.sleep(for: pause)
        }
    }

    private func runOnce(_ command: ProcessCommand) async -> ProcessEnd {
        let child: ChildProcess
        do {
            child = try ChildProcess(command, input: lifeline.reading) { [onEvent] line in
                onEvent(.told(name: command.name, line: line))
            }
        } catch {
            return .notStarted(reason: "\(error)")
        }
        onEvent(.started(name: command.name, pid: child.pid))
        living.add(child)
        defer { living.remove(child) }
        return await withTaskCancellationHandler {
            await child.waitForEnd(stoppingWithin: grace)
        } onCancel: {
            command.stopListening()
        }
    }
}
