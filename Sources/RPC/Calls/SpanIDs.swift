import SeededRandom
import Synchronization

/// Makes ids of spans: unlike any others, but no secrets, so that the system is asked for chance only once and nobody waits for
/// a lock.
enum SpanIDs {
    private static let seed = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    /// Another one each time; never 0.
    static func next() -> UInt64 {
        mixed(seed &+ count.wrappingAdd(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The same for the same span, and another one in each process; never 0.
    static func answering(_ spanID: UInt64) -> UInt64 {
        mixed(spanID ^ ~seed)
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var chance = SplitMix64(seed: number)
        return max(chance.next(), 1)
    }
}
