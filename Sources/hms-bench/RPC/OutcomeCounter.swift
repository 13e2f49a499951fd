import RPC
import Synchronization

/// Counts calls by outcome, as metrics do.
final class OutcomeCounter: CallObserver {
    private let answered = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int64>(0)

    func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration) {
        if code == .ok {
            answered.wrappingAdd(1, ordering: .relaxed)
        } else {
            failed.wrappingAdd(1, ordering: .relaxed)
        }
        nanoseconds.wrappingAdd(Int64(duration / .nanoseconds(1)), ordering: .relaxed)
    }
}
