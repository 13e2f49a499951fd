/// How payments are taken.
public struct PaymentConfiguration: Hashable, Sendable {
    /// Who moves the money.
    public enum Provider: String, CaseIterable, Hashable, Sendable {
        /// The clinic's own desk.
        case desk
        /// A provider that moves no money and fails on demand.
        case sandbox
    }

    public var provider: Provider
    /// How long the provider may take before a payment is answered as PENDING.
    public var timeout: Duration
    /// How long a payment may be PENDING before the recovery sweep takes it up.
    public var sweepAfter: Duration

    public init(provider: Provider = .desk, timeout: Duration = .seconds(3), sweepAfter: Duration = .seconds(30)) {
        self.provider = provider
        self.timeout = timeout
        self.sweepAfter = sweepAfter
    }
}
