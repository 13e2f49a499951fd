import NIOCore

/// One heap of timers for everything on an event loop, behind one wake-up of the loop.
///
/// `@unchecked Sendable`: touched on its event loop only; it is merely carried there.
final class LoopTimers: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private var heap = TimerHeap<LoopTimer>()
    private var wakeUp: NIODeadline?

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func set(_ timer: LoopTimer, at instant: NIODeadline) {
        heap.set(timer, at: instant)
        wakeUp(by: instant)
    }

    func remove(_ timer: LoopTimer) {
        heap.remove(timer)
    }

    /// A wake-up that turns out too early sets the next one; so taking timers out costs no rescheduling.
    private func wakeUp(by instant: NIODeadline) {
        if let wakeUp, wakeUp <= instant { return }
        wakeUp = instant
        eventLoop.scheduleTask(deadline: instant) { self.expireDue(scheduledFor: instant) }
    }

    private func expireDue(scheduledFor instant: NIODeadline) {
        guard wakeUp == instant else { return }
        wakeUp = nil
        let now = NIODeadline.now()
        while let timer = heap.popExpired(at: now) { timer.expire() }
        if let earliest = heap.earliest { wakeUp(by: earliest) }
    }
}
