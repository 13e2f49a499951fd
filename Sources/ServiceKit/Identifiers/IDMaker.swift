import Synchronization
public import Vocabulary

/// Makes the ids of records: a prefix and a ``SortablePart``. Ids made later in one process always sort later, even
/// while its clock stands or goes back.
public final class IDMaker: Sendable {
    private let milliseconds: @Sendable () -> Int64
    private let last = Mutex<UInt128>(0)

    /// Ids sort by the real time, whatever the hospital's clock shows.
    public convenience init() {
        self.init { SystemTime.millisecondsSinceEpoch() }
    }

    /// `milliseconds` is the time since 1970.
    public init(milliseconds: @escaping @Sendable () -> Int64) {
        self.milliseconds = milliseconds
    }

    /// `make(.patient)` → `pat_01k9…`
    public func make(_ kind: RecordKind) -> String {
        make(prefix: kind.prefix)
    }

    /// The id of what is no record that anybody asks for: `evt_01k9…`
    public func make(prefix: String) -> String {
        "\(prefix)_\(SortablePart(next()))"
    }

    private func next() -> UInt128 {
        let time = UInt128(UInt64(clamping: milliseconds()) & 0xFFFF_FFFF_FFFF)
        let fresh = time << 80 | UInt128(UInt16.random(in: .min ... .max)) << 64 | UInt128(UInt64.random(in: .min ... .max))
        return last.withLock { last in
            // A random step keeps ids of one millisecond hard to guess; its carry may run into the time.
            last = fresh >> 80 > last >> 80 ? fresh : last &+ UInt128(UInt32.random(in: 1 ... .max))
            return last
        }
    }
}
