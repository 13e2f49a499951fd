import NIOCore

/// Something that happens at an instant unless it is taken back. Stands in one ``TimerHeap`` at most.
class HeapTimer {
    fileprivate(set) var instant = NIODeadline.distantFuture
    fileprivate var position = -1

    var isArmed: Bool { position >= 0 }
}

/// Timers ordered by instant: the earliest is at hand, and any one can be taken out.
struct TimerHeap<Timer: HeapTimer> {
    private var timers: [Timer] = []

    var earliest: NIODeadline? { timers.first?.instant }
    var count: Int { timers.count }

    /// Arms a timer, or moves it to another instant.
    mutating func set(_ timer: Timer, at instant: NIODeadline) {
        remove(timer)
        timer.instant = instant
        timer.position = timers.count
        timers.append(timer)
        siftUp(timer)
    }

    mutating func remove(_ timer: Timer) {
        guard timer.isArmed else { return }
        let hole = timer.position
        let last = timers.removeLast()
        timer.position = -1
        guard last !== timer else { return }
        place(last, at: hole)
        siftUp(last)
        siftDown(last)
    }

    /// Takes out the earliest timer whose instant has come.
    mutating func popExpired(at now: NIODeadline) -> Timer? {
        guard let first = timers.first, first.instant <= now else { return nil }
        remove(first)
        return first
    }

    private mutating func place(_ timer: Timer, at position: Int) {
        timers[position] = timer
        timer.position = position
    }

    private mutating func siftUp(_ timer: Timer) {
        while timer.position > 0 {
            let position = timer.position
            let parent = timers[(position - 1) / 2]
            guard timer.instant < parent.instant else { return }
            place(timer, at: (position - 1) / 2)
            place(parent, at: position)
        }
    }

    private mutating func siftDown(_ timer: Timer) {
        while true {
            let position = timer.position
            var child = 2 * position + 1
            guard child < timers.count else { return }
            if child + 1 < timers.count, timers[child + 1].instant < timers[child].instant { child += 1 }
            let earlier = timers[child]
            guard earlier.instant < timer.instant else { return }
            place(timer, at: child)
            place(earlier, at: position)
        }
    }
}
