import NIOCore

@testable import RPC

/// A clock that stands still but for what is planned on it: things happen at instants, in their order.
final class SimulatedTime {
    private final class Happening: HeapTimer {
        let action: () -> Void

        init(_ action: @escaping () -> Void) {
            self.action = action
        }
    }

    private(set) var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private var plan = TimerHeap<Happening>()

    func at(_ instant: NIODeadline, _ action: @escaping () -> Void) {
        plan.set(Happening(action), at: max(instant, now))
    }

    func after(_ delay: TimeAmount, _ action: @escaping () -> Void) {
        at(now + delay, action)
    }

    /// Lets the next thing happen. False when nothing will.
    func step() -> Bool {
        guard let instant = plan.earliest, let next = plan.popExpired(at: instant) else { return false }
        now = instant
        next.action()
        return true
    }
}
