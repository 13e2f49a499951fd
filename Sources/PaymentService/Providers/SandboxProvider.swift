public import PaymentRules
public import Storage

/// A provider that moves no money and fails on demand: the beginning of a payment's reference says how.
///
/// - `DECLINE`: declined.
/// - `TIMEOUT`: never answers, and has charged nothing when it is asked later.
/// - `LATE`: never answers either, but has captured the money when it is asked later.
/// - `NOREFUND`: captured, but every refund is refused.
/// - Anything else: captured.
///
/// It keeps its own ledger, as a provider outside does, so that it survives whatever becomes of the payment.
public struct SandboxProvider: PaymentProvider {
    private let database: Database
    private let silence: @Sendable () async throws -> Void

    /// - Parameter silence: how it does not answer: until the caller has lost patience, which cancels it. Tests shorten it.
    public init(
        _ database: Database, silence: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(3_600)) }
    ) {
        self.database = database
        self.silence = silence
    }

    public func charge(_ charge: Charge) async throws -> ChargeOutcome {
        if charge.reference.hasPrefix("DECLINE") { return try await enter(charge, .declined) }
        if charge.reference.hasPrefix("TIMEOUT") { return try await neverAnswer() }
        let outcome = try await enter(charge, .captured)
        return charge.reference.hasPrefix("LATE") ? try await neverAnswer() : outcome
    }

    public func outcome(of charge: Charge) async throws -> ChargeOutcome {
        try await enter(charge, .notCharged)
    }

    public func refund(_ refund: ChargeRefund) async throws -> RefundOutcome {
        if refund.charge.reference.hasPrefix("NOREFUND") { return .refused }
        try await database.write { try $0.enter(refund) }
        return .refunded
    }

    /// The first entry counts; later ones read it.
    private func enter(_ charge: Charge, _ outcome: ChargeOutcome) async throws -> ChargeOutcome {
        try await database.write { try $0.enter(charge, outcome) }
    }

    private func neverAnswer() async throws -> ChargeOutcome {
        try await silence()
        return .unknown
    }
}
