/// An amount in the minor units of a currency: 50000 of INR is 500 rupees.
public struct Money: Hashable, Sendable {
    public let minorUnits: Int64
    /// ISO 4217.
    public let currency: String

    public init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }
}
