import Synchronization

/// Wakes relays when events were committed. A signal that nobody waits for is kept, once.
final class OutboxSignal: Sendable {
    private let listeners = Mutex<[AsyncStream<Void>.Continuation]>([])

    func notify() {
        listeners.withLock { listeners in
            for listener in listeners { listener.yield() }
        }
    }

    /// A stream with one element per wake-up, and one to begin with.
    func wakeUps() -> AsyncStream<Void> {
        let (stream, listener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        listeners.withLock { $0.append(listener) }
        listener.yield()
        return stream
    }
}
