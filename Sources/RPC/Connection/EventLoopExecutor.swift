import DequeModule
public import NIOCore
import Synchronization

/// Runs tasks on an event loop, so that what waits for a call goes on where its answer arrives, without changing threads.
///
/// Each loop of the process has one, which all who are at work there share: their tasks become ready together and run
/// together. Give it to `Task(executorPreference:)` or `withTaskExecutorPreference` and call through an ``RPCClient`` that has a
/// connection on the same loop. Nothing that blocks may run on it.
///
/// `@unchecked Sendable`: `ready`, `isScheduled` and `isRunning` are touched on the event loop only.
public final class EventLoopExecutor: TaskExecutor, @unchecked Sendable {
    public let eventLoop: any EventLoop
    /// The timers of everything on the loop.
    let timers: LoopTimers
    private var ready: Deque<UnownedJob> = []
    private var isScheduled = false
    private var isRunning = false

    private init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        timers = LoopTimers(on: eventLoop)
    }

    /// The executor of a loop, as long as anybody holds it.
    public static func of(_ eventLoop: any EventLoop) -> EventLoopExecutor {
        all.withLock { all in
            if let known = all[ObjectIdentifier(eventLoop)]?.executor { return known }
            all = all.filter { $0.value.executor != nil }
            let executor = EventLoopExecutor(on: eventLoop)
            all[ObjectIdentifier(eventLoop)] = Known(executor: executor)
            return executor
        }
    }

    /// An executor holds its loop, so no other loop can stand at the address of one that is known.
    private static let all = Mutex<[ObjectIdentifier: Known]>([:])

    private struct Known {
        weak var executor: EventLoopExecutor?
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard eventLoop.inEventLoop else {
            eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            return
        }
        ready.append(job)
        schedule()
    }

    /// Runs what is ready now. What becomes ready meanwhile waits for the loop's next turn, so that sockets get theirs.
    func runReady() {
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        for _ in 0..<ready.count {
            guard let job = ready.popFirst() else { return }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.execute {
            self.isScheduled = false
            self.runReady()
            if !self.ready.isEmpty { self.schedule() }
        }
    }
}
