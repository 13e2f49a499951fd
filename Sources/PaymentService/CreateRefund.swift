public import Contracts
import PaymentRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// Gives back part of a captured payment, or all of it. A retry under the same key goes on with the same refund.
    public func createRefund(_ request: CreateRefundRequest, _ context: CallContext) async throws -> CreateRefundResponse {
        CreateRefundResponse(refund: try await complete(try await begun(request, context).refund.refundID, context))
    }

    /// The refund of this request: what an earlier try of it has begun, or a new one.
    private func begun(_ request: CreateRefundRequest, _ context: CallContext) async throws -> StoredRefund {
        let asked = try context.requiredRequest()
        let earlier = try await database.read { try $0.refund(under: asked) }
        let begun = if let earlier { earlier } else { try await begin(request, context) }
        guard begun.request == asked else { throw Rejection.keyReused }
        if begun.refund.status != .pending { context.noteReplay() }
        return begun
    }

    /// Keeps the sum for this refund, so that no other can exceed what was captured. Where a try through another process has
    /// done that in the meantime, its refund is the answer.
    private func begin(_ request: CreateRefundRequest, _ context: CallContext) async throws -> StoredRefund {
        let asked = try context.requiredRequest()
        return try await commitBeginning(context, on: database) { [self] transaction in
            if let earlier = try transaction.refund(under: asked) { return earlier }
            let payment = try transaction.payment(request.paymentID).payment
            let facts = RefundablePayment(payment, refunded: try transaction.sumOfRefunds(of: payment.paymentID))
            if let rejection = rejectionOfRefund(of: request.amount, from: facts) { throw rejection }
            let stored = StoredRefund(
                refund: newRefund(of: request.amount, from: payment, because: request.reason), request: asked,
                correlationID: context.correlationID)
            try transaction.insert(stored, sweptAfter: sweepAfter)
            return stored
        }
    }

    func newRefund(of amount: Int64, from payment: Payment, because reason: String) -> Refund {
        Refund(
            refundID: resources.ids.make(.refund), paymentID: payment.paymentID, amount: amount,
            currency: payment.currency, reason: reason, status: .pending, createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
    }
}

extension RefundablePayment {
    init(_ payment: Payment, refunded: Int64) {
        self.init(isCaptured: payment.status == .captured, amount: payment.amount, refunded: refunded)
    }
}
