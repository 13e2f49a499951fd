import Foundation
import Synchronization

/// Tells the other processes of a service of events that were committed here, and hears of theirs, by NOTIFY and LISTEN on a channel
/// that has the schema's name.
///
/// A NOTIFY within the transaction of an event would make every commit wait for the one before it: the server sends them in the
/// order of the commits, and its log is flushed once for each, which left a fifth of the bookings a second. So it is sent after
/// the commit, for many at once. What is lost between the two, and what is committed while the connection is away, the relay
/// finds by looking now and then.
final class OutboxChannel: Sendable {
    private struct State {
        /// Of events that were committed and of which nobody was told yet.
        var types: Set<String> = []
        var isStarted = false
        var isClosed = false
    }

    private let settings: PostgresSettings
    private let signal: OutboxSignal
    private let state = Mutex(State())
    private let alarm: PostgresAlarm
    private let finished = FinishLine()

    /// - Throws: ``StorageError/overloaded`` where the process has no descriptors left.
    init(_ settings: PostgresSettings, _ signal: OutboxSignal) throws(StorageError) {
        self.settings = settings
        self.signal = signal
        alarm = try PostgresAlarm()
    }

    /// Begins to hear. More than once is once.
    func start() {
        let starts = state.withLock { state in
            if state.isStarted || state.isClosed { return false }
            state.isStarted = true
            return true
        }
        guard starts else { return }
        Thread.detachNewThread { [self] in
            Thread.current.name = "hms-outbox"
            OutboxChannelThread(self, settings, signal, alarm).run()
            finished.cross()
        }
    }

    /// Tells the other processes, a moment later, of events of these types.
    func tell(of types: Set<String>) {
        start()
        let isFirst = state.withLock { state in
            let isFirst = state.types.isEmpty
            state.types.formUnion(types)
            return isFirst
        }
        if isFirst { alarm.ring() }
    }

    func stop() {
        state.withLock { $0.isClosed = true }
        alarm.ring()
    }

    func close() async {
        stop()
        if state.withLock({ $0.isStarted }) { await finished.wait() }
    }
}

/// The thread's side.
extension OutboxChannel {
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var hasUntold: Bool { state.withLock { !$0.types.isEmpty } }

    /// What is to be told now.
    func takeUntold() -> Set<String> {
        state.withLock { state in
            defer { state.types = [] }
            return state.types
        }
    }
}
