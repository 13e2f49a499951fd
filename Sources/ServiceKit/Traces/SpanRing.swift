import Synchronization

/// The newest spans, so many at most: each takes the place of the oldest.
final class SpanRing: Sendable {
    private struct State {
        var spans: [TraceSpan] = []
        /// Where the oldest is, once the ring is full.
        var next = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    func add(_ span: TraceSpan) {
        state.withLock { state in
            if state.spans.count < capacity { return state.spans.append(span) }
            state.spans[state.next] = span
            state.next = (state.next + 1) % capacity
        }
    }

    /// The newest first.
    var all: [TraceSpan] {
        let (spans, next) = state.withLock { ($0.spans, $0.next) }
        return spans[..<next].reversed() + spans[next...].reversed()
    }
}
