/// What one bill asks, in minor units: a subtotal and its tax (billing rules 1 and 2).
public struct TaxedAmount: Hashable, Sendable {
    public let subtotal: Int64
    /// 5 percent of the subtotal, half up, once for the whole bill.
    public let tax: Int64

    /// What a bill may ask before tax.
    public static let subtotals: ClosedRange<Int64> = 1...1_000_000_000_000
    public static let taxPercent = 5

    /// Nil for a subtotal that no bill may have.
    public init?(subtotal: Int64) {
        guard Self.subtotals.contains(subtotal) else { return nil }
        self.subtotal = subtotal
        tax = subtotal.percent(Self.taxPercent)
    }

    /// What is owed.
    public var amount: Int64 { subtotal + tax }
}

extension Int64 {
    /// So many hundredths of an amount of money, rounded half up.
    ///
    /// Exact for every amount that is not negative, and for 0 to 100 percent: the hundreds are multiplied apart from the
    /// rest, so that nothing overflows.
    public func percent(_ percent: Int) -> Int64 {
        let (hundreds, rest) = quotientAndRemainder(dividingBy: 100)
        return hundreds * Int64(percent) + (rest * Int64(percent) + 50) / 100
    }
}
