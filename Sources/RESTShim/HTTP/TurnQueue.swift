import DequeModule
import NIOCore

/// The clients of one event loop who have sent more than one request at once, in the order in which they go on.
///
/// A loop runs all tasks that are due before it looks at its sockets again, so they go on for a moment only, and then leave
/// it a pause: a thousand clients with a thousand requests each don't keep the others waiting for a million answers.
///
/// `@unchecked Sendable`: everything is touched on the event loop only.
final class TurnQueue: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private var waiting: Deque<() -> Void> = []
    private var isScheduled = false

    private static let work = TimeAmount.milliseconds(2)
    private static let pause = TimeAmount.milliseconds(1)

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Calls `turn` when those who came before have had theirs.
    func wait(_ turn: @escaping () -> Void) {
        waiting.append(turn)
        if !isScheduled { schedule() }
    }

    private func schedule() {
        isScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: TurnQueue.pause) { self.run() }
    }

    private func run() {
        let end = NIODeadline.now() + TurnQueue.work
        while NIODeadline.now() < end, let turn = waiting.popFirst() { turn() }
        isScheduled = false
        if !waiting.isEmpty { schedule() }
    }
}
