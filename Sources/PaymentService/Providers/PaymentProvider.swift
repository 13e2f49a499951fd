public import Contracts
public import PaymentRules

/// What is to be charged. The payment's id is the provider's idempotency key.
public struct Charge: Hashable, Sendable {
    public let paymentID: String
    /// In minor units.
    public let amount: Int64
    public let currency: String
    public let method: PaymentMethod
    public let reference: String

    init(_ payment: Payment) {
        paymentID = payment.paymentID
        amount = payment.amount
        currency = payment.currency
        method = payment.method
        reference = payment.reference
    }
}

/// What is to be given back of a charge. The refund's id is the provider's idempotency key.
public struct ChargeRefund: Hashable, Sendable {
    public let refundID: String
    public let charge: Charge
    /// In minor units.
    public let amount: Int64
}

/// Who moves the money. Asked again under the same id, it does nothing again and answers the same.
///
/// What it throws says as little as no answer: the payment stays PENDING, and its outcome is asked for later.
public protocol PaymentProvider: Sendable {
    func charge(_ charge: Charge) async throws -> ChargeOutcome
    /// What became of a charge. One that it answers as not charged it refuses from then on.
    func outcome(of charge: Charge) async throws -> ChargeOutcome
    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome
}
