import SeededRandom
import Synchronization

/// Makes the ids of new traces: unlike any others, but no secrets, so that the system is asked for chance only once.
public final class TraceIDs: Sendable {
    private let generator: Mutex<SplitMix64>

    public init() {
        var random = SystemRandomNumberGenerator()
        generator = Mutex(SplitMix64(seed: random.next()))
    }

    /// A new trace that nobody has asked to sample.
    public func fresh() -> TraceContext {
        generator.withLock { TraceContext.fresh(using: &$0) }
    }
}
