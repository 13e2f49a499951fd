import NIOCore

/// The one timer of a connection. Setting it anew costs nothing: what is scheduled already wakes up, sees that the
/// deadline has moved, and sleeps on.
final class HTTPTimeout {
    private let eventLoop: any EventLoop
    private var deadline: NIODeadline?
    private var wakeUp: (at: NIODeadline, task: Scheduled<Void>)?
    private var expired: (() -> Void)?

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func whenExpired(_ action: @escaping () -> Void) {
        expired = action
    }

    func set(in time: TimeAmount) {
        guard expired != nil else { return }
        let deadline = NIODeadline.now() + time
        self.deadline = deadline
        if let wakeUp {
            guard deadline < wakeUp.at else { return }
            wakeUp.task.cancel()
        }
        sleep(until: deadline)
    }

    /// Nothing expires until it is set again.
    func pause() {
        deadline = nil
    }

    /// For good.
    func stop() {
        wakeUp?.task.cancel()
        (wakeUp, deadline, expired) = (nil, nil, nil)
    }

    private func sleep(until deadline: NIODeadline) {
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.wake() }
        wakeUp = (deadline, task)
    }

    private func wake() {
        wakeUp = nil
        guard let deadline else { return }
        guard deadline <= .now() else { return sleep(until: deadline) }
        self.deadline = nil
        expired?()
    }
}
