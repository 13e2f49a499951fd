import Contracts
import PaymentRules
import RPC
import ServiceKit
import Vocabulary

/// What the payment service needs of the billing service.
///
/// Every question throws billing's refusal as the ``Rejection`` that it is, and `UNAVAILABLE` where billing does not answer.
struct PaymentPeers: Sendable {
    private let peers: Peers
    private let billing: BillingServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        billing = BillingServiceClient(peers.channel(to: "billing"))
    }

    func bill(_ billID: String, _ context: CallContext) async throws -> Bill {
        let response = try await ask(context) { try await billing.getBill(GetBillRequest(billID: billID), $0) }
        guard let bill = response.bill else { throw Rejection.notFound(.bill) }
        return bill
    }

    /// Holds the bill for this payment alone.
    func reserve(_ payment: Payment, _ context: CallContext) async throws {
        let request = ReserveBillRequest(
            billID: payment.billID, paymentID: payment.paymentID, amount: payment.amount, imported: payment.imported)
        _ = try await ask(context) { try await billing.reserveBill(request, $0) }
    }

    /// Makes the bill PAID by this payment; answers since when it is.
    func settle(_ payment: Payment, at now: Instant, _ context: CallContext) async throws -> Instant {
        let request = SettleBillRequest(
            billID: payment.billID, paymentID: payment.paymentID, paidAt: ProtobufTimestamp(now), imported: payment.imported)
        let response = try await ask(context) { try await billing.settleBill(request, $0) }
        return response.bill?.paidAt?.instant ?? now
    }

    /// Lets go of the bill, where this payment holds it.
    func release(_ payment: Payment, _ context: CallContext) async throws {
        let request = ReleaseBillRequest(billID: payment.billID, paymentID: payment.paymentID)
        _ = try await ask(context) { try await billing.releaseBill(request, $0) }
    }

    private func ask<Answer>(_ context: CallContext, _ question: (CallOptions) async throws -> Answer) async throws -> Answer {
        do {
            return try await peers.ask("billing", for: context, question)
        } catch let failure as PeerFailure {
            if let rejection = Rejection(ofBill: failure.error) { throw rejection }
            throw failure
        }
    }
}

extension Rejection {
    /// Nil where the error is no refusal that the contract of bills names.
    fileprivate init?(ofBill error: RPCError) {
        guard let code = RejectionCode(rawValue: error.reason), Self.refusalsOfBills.contains(code) else { return nil }
        self.init(code, error.message)
    }

    /// What a loser's payment FAILED for is what its caller is told, also when he asks again.
    init?(ofFailed payment: Payment) {
        guard payment.status == .failed, let code = payment.failureCode.flatMap(RejectionCode.init), Self.refusalsOfBills.contains(code)
        else { return nil }
        self.init(code, "The payment has failed, for the bill could not be paid by it.")
    }

    private static let refusalsOfBills: Set<RejectionCode> = [.billNotFound, .billVoid, .billPaid, .paymentInProgress, .amountMismatch]
}
