public import PaymentRules

/// The clinic's own desk: cash in the drawer, a slip of the card terminal, an insurer's letter. The money has changed hands
/// when staff record it, so every charge is captured and every refund given, also when the record is finished later.
public struct DeskProvider: PaymentProvider {
    public init() {}

    public func charge(_ charge: Charge) async throws -> ChargeOutcome { .captured }
    public func outcome(of charge: Charge) async throws -> ChargeOutcome { .captured }
    public func refund(_ refund: ChargeRefund) async throws -> RefundOutcome { .refunded }
}
