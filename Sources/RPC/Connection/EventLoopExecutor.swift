import DequeModule
public import NIOCore

/// Runs tasks on an event loop, so that what waits for a call goes on where its answer arrives, without changing threads.
///
/// Give it to `Task(executorPreference:)` or `withTaskExecutorPreference` and call through an ``RPCClient`` that has a
/// connection on the same loop. Nothing that blocks may run on it.
///
/// `@unchecked Sendable`: `ready` and `isScheduled` are touched on the event loop only.
public final class EventLoopExecutor: TaskExecutor, @unchecked Sendable {
    public let eventLoop: any EventLoop
    private var ready: Deque<UnownedJob> = []
    private var isScheduled = false

    public init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
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
