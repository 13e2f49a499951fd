import Contracts
import ServiceKit
import Storage
import Vocabulary

extension ImportBillRequest {
    /// The bill that is asked for, without an id.
    ///
    /// - Throws: `INVALID_ARGUMENT` naming every field that is missing, or does not go together with the others.
    func bill(for appointment: Appointment?, in currency: String, at now: Instant) throws -> StoredBill {
        let source = try SourceID(source: source, sourceID: sourceID)
        let billedAt = try billedAt?.exactInstant("billed_at")
        let paidAt = try paidAt?.exactInstant("paid_at")
        let tax = self.tax ?? subtotal.percent(TaxedAmount.taxPercent)
        let violations = violations(of: tax, billedAt, paidAt, at: now)
        guard violations.isEmpty else { throw Rejection(invalid: violations) }
        let bill = Bill(
            patientID: patientID, appointmentID: appointment?.appointmentID ?? "", kind: knownKind,
            descriptionValue: descriptionValue ?? knownKind.words, subtotal: subtotal, tax: tax, amount: subtotal + tax,
            currency: currency, status: status, voidReason: status == .void ? voidReason ?? "Void in the system it comes from" : nil,
            paidAt: paidAt.map { ProtobufTimestamp($0) }, createdAt: billedAt.map { ProtobufTimestamp($0) }, version: 1,
            department: appointment?.department ?? "", imported: true)
        let isPaid = status == .paid
        return StoredBill(
            bill: bill, isPaidElsewhere: isPaid,
            endedAt: isPaid ? bill.end(inAnotherSystem: true, at: now) : status == .void ? billedAt : nil,
            source: source)
    }

    private var knownKind: BillKind { kind == .unspecified ? .other : kind }

    private func violations(of tax: Int64, _ billedAt: Instant?, _ paidAt: Instant?, at now: Instant) -> [Rejection.Violation] {
        var found: [Rejection.Violation] = []
        func require(_ isRight: Bool, _ field: String, _ sentence: String) {
            if !isRight { found.append(.init(field: field, sentence: sentence)) }
        }
        require((try? knownKind.storedWord) != nil, "kind", "is no kind of bill")
        require(subtotal + tax <= Self.mostOfAmount, "tax", "must not make the amount exceed \(Self.mostOfAmount)")
        require([.open, .paid, .void].contains(status), "status", "must be OPEN, PAID or VOID")
        require(billedAt.map { $0 <= now } ?? true, "billed_at", "must not be in the future")
        require((paidAt != nil) == (status == .paid), "paid_at", status == .paid ? "is required for PAID" : "is only of PAID")
        require(paidAt.map { $0 <= now } ?? true, "paid_at", "must not be in the future")
        require(voidReason == nil || status == .void, "void_reason", "is only of VOID")
        return found
    }

    /// What a payment can be of.
    private static let mostOfAmount: Int64 = 1_050_000_000_000
}

extension BillKind {
    /// What a bill is for, where nobody says it.
    fileprivate var words: String {
        switch self {
        case .consultation: "Consultation"
        case .cancellationFee: "Cancellation fee"
        case .noShowFee: "No-show fee"
        case .other, .unspecified, .unrecognized: "Other"
        }
    }
}
