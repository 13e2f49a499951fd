import Contracts
import Logging
import PaymentRules
import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// Drives a PENDING refund on: the provider gives the money back, then refund and payment say so. The provider knows the
    /// refund by its id, so a repetition gives nothing back again.
    ///
    /// - Throws: `IDEMPOTENCY_IN_PROGRESS` while somebody else drives it.
    func complete(_ refundID: String, _ context: CallContext) async throws -> Refund {
        let refund = try await underWay.run(refundID) {
            let (stored, payment) = try await database.read { try $0.refundAndPayment(refundID) }
            let isCaptured = payment.payment.status == .captured
            switch nextStep(of: RefundState(stored.refund.status), isPaymentCaptured: isCaptured) {
            case .giveBack: return try await giveBack(stored, of: payment.payment, context)
            case .waitForPayment, .nothing: return stored.refund
            }
        }
        guard let refund else { throw RPCError.stillUnderWay }
        return refund
    }

    private func giveBack(_ stored: StoredRefund, of payment: Payment, _ context: CallContext) async throws -> Refund {
        let refund = ChargeRefund(refundID: stored.refund.refundID, charge: Charge(payment), amount: stored.refund.amount)
        // What another system has taken no provider knows: it is given back by hand.
        let outcome = payment.imported ? .refunded : try await ask(refund, context)
        switch RefundState(stored.refund.status).after(outcome) {
        case .pending: return stored.refund
        case .refunded: return try await end(stored, .refunded, context)
        case .failed:
            resources.logger.error("The payment provider refuses a refund", metadata: ["refund": "\(stored.refund.refundID)"])
            return try await end(stored, .failed, context)
        }
    }

    private func ask(_ refund: ChargeRefund, _ context: CallContext) async throws -> RefundOutcome {
        do {
            return try await within(providerLimit(context)) { [provider] in try await provider.refund(refund) } ?? .unknown
        } catch let error where !(error is CancellationError) {
            resources.logger.warning("The payment provider has failed", metadata: ["refund": "\(refund.refundID)", "error": "\(error)"])
            return .unknown
        }
    }

    /// The first end counts: a refund that has ended in the meantime is returned as it is.
    private func end(_ begun: StoredRefund, _ status: RefundStatus, _ context: CallContext) async throws -> Refund {
        let response = try await commit(context, on: database) { [self] transaction in
            var stored = try transaction.refundAndPayment(begun.refund.refundID).0
            guard stored.refund.status == .pending else { return CreateRefundResponse(refund: stored.refund) }
            stored.refund.status = status
            stored.refund.version += 1
            try transaction.update(stored)
            if status == .refunded { try tell(of: stored, transaction) }
            return CreateRefundResponse(refund: stored.refund)
        }
        return response.refund ?? begun.refund
    }

    private func tell(of stored: StoredRefund, _ transaction: Transaction) throws {
        var payment = try transaction.payment(stored.refund.paymentID)
        payment.payment.amountRefunded += stored.refund.amount
        payment.payment.version += 1
        try transaction.update(payment)
        if !payment.payment.imported { counts.count(refundOf: stored.refund.amount, in: transaction) }
        try transaction.publish(
            event(.refunded, of: payment, refund: stored.refund, correlationID: stored.correlationID))
    }
}

extension Reader {
    fileprivate func refundAndPayment(_ refundID: String) throws -> (StoredRefund, StoredPayment) {
        let stored = try refund(refundID)
        return (stored, try payment(stored.refund.paymentID))
    }
}
