import Synchronization

/// How often a wrong password may be tried, and how long one waits then.
public struct ThrottleRules: Hashable, Sendable {
    /// Failures that cost no wait: of one name from one address, of one name from everywhere, of one address for all names.
    public var ofPair = 5
    public var ofName = 20
    public var ofAddress = 50
    /// The first wait; each further failure doubles it.
    public var firstWait: Duration = .seconds(30)
    public var longestWait: Duration = .seconds(900)
    /// Failures are forgotten when none has come for so long.
    public var memory: Duration = .seconds(3_600)
    /// How many names, addresses and pairs are remembered.
    public var capacity = 65_536

    public init() {}
}

/// Makes guessing slow: by name and address, whether there is such a name or not. In memory, of this process alone; ``SharedThrottle``
/// counts for all shims.
///
/// A try counts as a failure from its beginning, so that many at once are no way around it.
public final class SignInThrottle: Sendable {
    private enum Key: Hashable, Sendable {
        case pair(name: String, address: String)
        case name(String)
        case address(String)
    }

    private struct Failures: Sendable {
        var count = 0
        var last: ContinuousClock.Instant
        var isBlockedUntil: ContinuousClock.Instant
    }

    let rules: ThrottleRules
    private let failures = Mutex<[Key: Failures]>([:])

    public init(_ rules: ThrottleRules = ThrottleRules()) {
        self.rules = rules
    }

    /// Begins a try.
    ///
    /// - Returns: nil, or how long it takes until one may be made; then this counts for nothing.
    public func wait(of name: String, from address: String, at now: ContinuousClock.Instant = .now) -> Duration? {
        failures.withLock { failures in
            let keys = self.keys(name, address)
            let waits = keys.compactMap { key, _ in failures[key].map { $0.isBlockedUntil - now } }.filter { $0 > .zero }
            if let longest = waits.max() { return longest }
            for (key, free) in keys { note(key, free, in: &failures, at: now) }
            return nil
        }
    }

    /// The try was no failure.
    public func succeeded(_ name: String, from address: String) {
        failures.withLock { failures in
            failures[.pair(name: name, address: address)] = nil
            failures[.name(name)] = nil
            // An address may be that of a whole house: the others' failures stay.
            if let count = failures[.address(address)]?.count, count > 0 { failures[.address(address)]?.count = count - 1 }
        }
    }

    /// How many names, addresses and pairs are remembered.
    var count: Int { failures.withLock { $0.count } }

    private func keys(_ name: String, _ address: String) -> [(Key, Int)] {
        [(.pair(name: name, address: address), rules.ofPair), (.name(name), rules.ofName), (.address(address), rules.ofAddress)]
    }

    private func note(_ key: Key, _ free: Int, in failures: inout [Key: Failures], at now: ContinuousClock.Instant) {
        if failures[key] == nil { makeRoom(in: &failures, at: now) }
        var known = failures[key] ?? Failures(last: now, isBlockedUntil: now)
        if now - known.last > rules.memory { known.count = 0 }
        known.count += 1
        known.last = now
        let doublings = known.count - free
        if doublings >= 0 {
            let wait = min(rules.longestWait, rules.firstWait * Double(1 << min(doublings, 20)))
            known.isBlockedUntil = now + wait
        }
        failures[key] = known
    }

    /// Where all of it is recent, what was tried longest ago is forgotten.
    private func makeRoom(in failures: inout [Key: Failures], at now: ContinuousClock.Instant) {
        guard failures.count >= rules.capacity else { return }
        failures = failures.filter { now - $0.value.last <= rules.memory }
        guard failures.count >= rules.capacity else { return }
        let oldest = failures.sorted { $0.value.last < $1.value.last }.prefix(max(1, rules.capacity / 8))
        for (key, _) in oldest { failures[key] = nil }
    }
}
