public import Contracts
import PaymentRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// Pays a bill, whole. A retry under the same key goes on with the payment that the first try has begun.
    ///
    /// Where the outcome of the charge is not known in time, the answer is PENDING and the recovery sweep ends it.
    public func createPayment(_ request: CreatePaymentRequest, _ context: CallContext) async throws -> CreatePaymentResponse {
        let payment = try await proceed(with: try await begun(request, context).payment.paymentID, .charge, context)
        if let rejection = Rejection(ofFailed: payment) { throw rejection }
        return CreatePaymentResponse(payment: payment)
    }

    /// The payment of this request: what an earlier try of it has begun, or a new one.
    private func begun(_ request: CreatePaymentRequest, _ context: CallContext) async throws -> StoredPayment {
        let asked = try context.requiredRequest()
        let begun = try await found({ try $0.payment(under: asked) }, orElse: { try await begin(request, context) })
        guard begun.request == asked else { throw Rejection.keyReused }
        if begun.payment.status != .pending { context.noteReplay() }
        return begun
    }

    /// What is there already, or what `begin` makes. Where that is refused, as because the bill is paid, another try of the same may
    /// have come in between, and what it has begun is there by now.
    func found(
        _ find: @escaping @Sendable (Reader) throws -> StoredPayment?, orElse begin: () async throws -> StoredPayment
    ) async throws -> StoredPayment {
        if let there = try await database.read(find) { return there }
        do {
            return try await begin()
        } catch let rejection as Rejection {
            guard let there = try await database.read(find) else { throw rejection }
            return there
        }
    }

    /// A new payment, or what a try through another process has begun in the meantime.
    private func begin(_ request: CreatePaymentRequest, _ context: CallContext) async throws -> StoredPayment {
        let method = try request.method.known()
        let bill = try await peers.bill(request.billID, context)
        if let rejection = rejectionOfPayment(of: request.amount, for: PayableBill(bill)) { throw rejection }
        // Billing may have lost that, as by a backup that was restored, and is told again.
        if try await database.read({ try $0.hasCapturedPayment(of: bill.billID) }) { throw Rejection(.billPaid, "The bill is paid.") }
        let payment = Payment(
            paymentID: resources.ids.make(.payment), billID: bill.billID, patientID: bill.patientID,
            amount: request.amount, currency: bill.currency, method: method,
            reference: request.reference.isEmpty ? newReference() : request.reference, status: .pending,
            createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
        let stored = StoredPayment(
            payment: payment, appointmentID: bill.appointmentID, request: try context.requiredRequest(),
            correlationID: context.correlationID)
        return try await commitBeginning(context, on: database) { [self] transaction in
            if let earlier = try transaction.payment(under: stored.request) { return earlier }
            try transaction.insert(stored, sweptAfter: sweepAfter)
            return stored
        }
    }

    /// A receipt's number for a payment that brings none: `RCP-01K9…`
    func newReference() -> String {
        "RCP-\(resources.ids.make(prefix: "rcp").dropFirst(4).uppercased())"
    }
}

extension CallContext {
    /// The contract requires a key, and the interceptor has refused a call without one.
    func requiredRequest() throws(Rejection) -> IdempotentRequest {
        guard let request = idempotentRequest else {
            throw Rejection(.idempotencyKeyRequired, "This request needs an idempotency key.")
        }
        return request
    }
}

extension Rejection {
    static let keyReused = Rejection(.idempotencyKeyReused, "The idempotency key was used for another request.")
}

extension PaymentMethod {
    /// - Throws: `INVALID_ARGUMENT` for a method that the contract does not name.
    func known() throws(Rejection) -> PaymentMethod {
        switch self {
        case .cash, .card, .upi, .insurance: return self
        case .unspecified, .unrecognized:
            throw Rejection(invalid: [.init(field: "method", sentence: "must be CASH, CARD, UPI or INSURANCE")])
        }
    }
}

extension PayableBill {
    init(_ bill: Bill) {
        let state: State =
            switch bill.status {
            case .open: .open
            case .paid: bill.imported ? .paidElsewhere : .paid
            case .partiallyRefunded, .refunded: .paid
            case .void, .unspecified, .unrecognized: .void
            }
        self.init(state: state, amount: bill.amount)
    }
}
