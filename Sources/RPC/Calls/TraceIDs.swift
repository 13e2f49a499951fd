import SeededRandom
import Synchronization

/// Makes the ids of new traces: unlike any others, but no secrets, so that the system is asked for chance only once.
public final class TraceIDs: Sendable {
    private let generator: Mutex<SplitMix64>
    private let rate: UInt64

    /// - Parameter rate: one of so many traces is sampled; none where 0.
    public init(samplingOneOf rate: Int = 0) {
        var random = SystemRandomNumberGenerator()
        generator = Mutex(SplitMix64(seed: random.next()))
        self.rate = UInt64(max(0, rate))
    }

    /// A new trace, sampled by chance.
    public func fresh() -> TraceContext {
        chosen(generator.withLock { TraceContext.fresh(using: &$0) })
    }

    /// A trace that others have begun. That it is sampled is theirs to say; where they do not want it, chance decides, by the
    /// trace's id.
    public func going(on trace: TraceContext) -> TraceContext { chosen(trace) }

    private func chosen(_ trace: TraceContext) -> TraceContext {
        rate > 0 && trace.traceIDLow.isMultiple(of: rate) ? trace.asSampled() : trace
    }
}
