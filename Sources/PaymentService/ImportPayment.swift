public import Contracts
import PaymentRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// Takes over a payment of the past from another system, or answers the one that is there already: it makes its bill PAID
    /// like every payment, but no provider is asked and nobody is told. One that a dead process has left goes on.
    public func importPayment(_ request: ImportPaymentRequest, _ context: CallContext) async throws -> ImportPaymentResponse {
        let wanted = try WantedPayment(request, at: resources.clock.now())
        let stored = try await found({ try $0.importedPayment(like: wanted) }, orElse: { try await newPayment(wanted, context) })
        return try await stored.sequence == 0
            ? takeOver(stored, wanted, isTrial: request.validateOnly, context)
            : answer(with: stored, wanted, isTrial: request.validateOnly, context)
    }

    /// The one that is there already.
    private func answer(
        with earlier: StoredPayment, _ wanted: WantedPayment, isTrial: Bool, _ context: CallContext
    ) async throws -> ImportPaymentResponse {
        guard wanted.isImported(as: earlier) else { throw Rejection.sourceIDTaken(by: earlier.payment.paymentID, .payment) }
        if isTrial { return ImportPaymentResponse(payment: earlier.payment, alreadyThere: true) }
        return ImportPaymentResponse(payment: try await finish(earlier, context), alreadyThere: true)
    }

    private func takeOver(
        _ stored: StoredPayment, _ wanted: WantedPayment, isTrial: Bool, _ context: CallContext
    ) async throws -> ImportPaymentResponse {
        if isTrial {
            try await database.read { try $0.requireFree(reference: stored.payment.reference) }
            return ImportPaymentResponse(payment: stored.captured)
        }
        try await commitBeginning(context, on: database) { [self] in
            try $0.insertImport(stored, like: wanted, sweptAfter: sweepAfter)
        }
        return ImportPaymentResponse(payment: try await finish(stored, context))
    }

    private func newPayment(_ wanted: WantedPayment, _ context: CallContext) async throws -> StoredPayment {
        let bill = try await peers.bill(wanted.billID, context)
        if let rejection = rejectionOfImport(of: wanted.amount, for: PayableBill(bill)) { throw rejection }
        if try await database.read({ try $0.hasCapturedPayment(of: bill.billID) }) { throw Rejection(.billPaid, "The bill is paid.") }
        let paymentID = resources.ids.make(.payment)
        let payment = Payment(
            paymentID: paymentID, billID: bill.billID, patientID: bill.patientID, amount: wanted.amount, currency: bill.currency,
            method: wanted.method, reference: wanted.reference ?? newReference(), status: .pending,
            createdAt: ProtobufTimestamp(resources.clock.now()), version: 1, imported: true)
        return StoredPayment(
            payment: payment, appointmentID: bill.appointmentID, request: .ofImport(paymentID), correlationID: context.correlationID,
            progress: PaymentProgress(isImported: true), origin: wanted.origin)
    }

    private func finish(_ stored: StoredPayment, _ context: CallContext) async throws -> Payment {
        let payment = try await proceed(with: stored.payment.paymentID, .outcome, context)
        if let rejection = Rejection(ofFailed: payment) { throw rejection }
        return payment
    }
}

/// A payment of the past, as another system has it.
struct WantedPayment: Sendable {
    let billID: String
    let amount: Int64
    let method: PaymentMethod
    let reference: String?
    let origin: PaymentOrigin

    /// - Throws: `INVALID_ARGUMENT` naming the field.
    fileprivate init(_ request: ImportPaymentRequest, at now: Instant) throws(Rejection) {
        let source = try SourceID(source: request.source, sourceID: request.sourceID)
        guard let paidAt = try request.paidAt?.exactInstant("paid_at"), paidAt <= now else {
            throw Rejection(invalid: [.init(field: "paid_at", sentence: "must not be in the future")])
        }
        billID = request.billID
        amount = request.amount
        method = try request.method.known()
        reference = request.reference.flatMap { $0.isEmpty ? nil : $0 }
        origin = PaymentOrigin(paidAt: paidAt, source: source)
    }

    /// Whether a payment that is here is this one.
    fileprivate func isImported(as stored: StoredPayment) -> Bool {
        let payment = stored.payment
        return payment.billID == billID && payment.amount == amount && payment.method == method && stored.origin?.paidAt == origin.paidAt
            && (reference.map { $0 == payment.reference } ?? true)
    }
}

extension Transaction {
    /// - Throws: `REFERENCE_TAKEN`; `IDEMPOTENCY_IN_PROGRESS` where somebody else has just begun to import it.
    fileprivate func insertImport(_ stored: StoredPayment, like wanted: WantedPayment, sweptAfter pause: Int64) throws {
        if let other = try importedPayment(like: wanted) {
            throw wanted.isImported(as: other) ? RPCError.stillUnderWay : Rejection.sourceIDTaken(by: other.payment.paymentID, .payment)
        }
        try insert(stored, sweptAfter: pause)
    }
}

extension IdempotentRequest {
    /// Who is said to have sent what an import brings, under the id that it has in the hospital it comes from.
    static let importer = "import"

    /// Stands for the request of an import, which is known by what it says.
    fileprivate static func ofImport(_ paymentID: String) -> IdempotentRequest {
        IdempotentRequest(caller: importer, key: paymentID, fingerprint: [])
    }
}

extension StoredPayment {
    /// What it would be in the end, without an id.
    fileprivate var captured: Payment {
        var captured = payment
        captured.paymentID = ""
        captured.status = .captured
        captured.paidAt = origin.map { ProtobufTimestamp($0.paidAt) }
        return captured
    }
}
