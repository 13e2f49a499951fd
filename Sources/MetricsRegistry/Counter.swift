import Synchronization

/// A number that only rises, from 0 at the start of the process: what has happened so often. Adding is one atomic addition.
public final class Counter: Sendable {
    private let sum = Atomic(0)

    init() {}

    /// Nothing where `amount` is negative.
    public func add(_ amount: Int = 1) {
        if amount > 0 { sum.wrappingAdd(amount, ordering: .relaxed) }
    }

    public var value: Int { sum.load(ordering: .relaxed) }
}

/// A number that rises and falls: how it is now.
public final class Gauge: Sendable {
    private let number = Atomic(0)

    init() {}

    public func set(_ number: Int) {
        self.number.store(number, ordering: .relaxed)
    }

    public func add(_ amount: Int) {
        number.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: Int { number.load(ordering: .relaxed) }
}
