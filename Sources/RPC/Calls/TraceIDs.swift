import Synchronization

/// Makes the ids of new traces: unlike any others, but no secrets, so that the system is asked for chance only once.
public final class TraceIDs: Sendable {
    private let generator: Mutex<TraceGenerator>

    public init() {
        var random = SystemRandomNumberGenerator()
        generator = Mutex(TraceGenerator(state: random.next()))
    }

    /// A new trace that nobody has asked to sample.
    public func fresh() -> TraceContext {
        generator.withLock { TraceContext.fresh(using: &$0) }
    }
}

/// SplitMix64.
private struct TraceGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
