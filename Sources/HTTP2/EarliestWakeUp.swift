import NIOCore

/// The one timer of a connection: it rings by the earliest of many instants, and whoever it wakes looks which have come.
final class EarliestWakeUp {
    private let eventLoop: any EventLoop
    private var scheduled: (at: NIODeadline, task: Scheduled<Void>)?
    private var action: (() -> Void)?

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func whenItRings(_ action: @escaping () -> Void) {
        self.action = action
    }

    func by(_ instant: NIODeadline) {
        guard action != nil, instant != .distantFuture else { return }
        if let scheduled {
            guard instant < scheduled.at else { return }
            scheduled.task.cancel()
        }
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: instant) { self.ring() }
        scheduled = (instant, task)
    }

    /// For good.
    func stop() {
        scheduled?.task.cancel()
        (scheduled, action) = (nil, nil)
    }

    private func ring() {
        scheduled = nil
        action?()
    }
}
