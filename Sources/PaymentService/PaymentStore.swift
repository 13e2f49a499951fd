import Contracts
import PaymentRules
import ServiceKit
import Storage
import Vocabulary

/// A payment as the table holds it.
struct StoredPayment: StoredRecord {
    /// The order in which payments were begun; 0 before it is stored.
    var sequence: Int64 = 0
    var payment: Payment
    /// The payment as it was when it was read; nil before it is stored.
    private(set) var asRead: Payment?
    /// What its bill is for; empty where that is no appointment, or not known.
    let appointmentID: String
    /// The request that began it.
    let request: IdempotentRequest
    let correlationID: String
    /// What was answered to it so far.
    var progress = PaymentProgress()
    /// When the money came, and what the payment is called, in the system from which it was imported.
    var origin: PaymentOrigin?
}

/// Where an imported payment comes from.
struct PaymentOrigin: Hashable, Sendable {
    let paidAt: Instant
    let source: SourceID?
}

extension Reader {
    /// - Throws: `PAYMENT_NOT_FOUND`.
    func payment(_ paymentID: String) throws -> StoredPayment {
        try record(paymentID)
    }

    /// The payment that a caller has begun under a key, with this or another request.
    func payment(under request: IdempotentRequest) throws -> StoredPayment? {
        try row(
            "SELECT \(StoredPayment.columns) FROM payments WHERE caller = ? AND key = ?", [.text(request.caller), .text(request.key)],
            StoredPayment.init)
    }

    /// Payments newest first.
    func payments(matching filter: PaymentFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredPayment> {
        var conditions = ListConditions(before: page.position)
        if let billID = filter.billID { conditions.require("bill_id = ?", .text(billID)) }
        if let patientID = filter.patientID { conditions.require("patient_id = ?", .text(patientID)) }
        if let status = filter.status { conditions.require("status = ?", try .word(status)) }
        return try newest(page, where: conditions)
    }

    func hasCapturedPayment(of billID: String) throws -> Bool {
        try exists("SELECT 1 FROM payments WHERE bill_id = ? AND status = 'CAPTURED'", [.text(billID)])
    }

    /// The PENDING payments that the sweep takes up by `now`, in milliseconds of the database's clock.
    func paymentsToRecover(at now: Int64, limit: Int) throws -> [StoredPayment] {
        try rows(
            "SELECT \(StoredPayment.columns) FROM payments WHERE status = 'PENDING' AND sweep_at <= ? ORDER BY sweep_at LIMIT ?",
            [.integer(now), SQLValue(limit)], StoredPayment.init)
    }
}

extension Transaction {
    /// - Parameter pause: how long the sweep leaves it alone, in milliseconds.
    /// - Throws: `REFERENCE_TAKEN`.
    func insert(_ stored: StoredPayment, sweptAfter pause: Int64) throws {
        noteChange(to: stored.payment)
        do {
            try execute(
                """
                INSERT INTO payments (payment_id, bill_id, patient_id, amount, currency, method, reference, created_at, caller, key,
                    fingerprint, correlation_id, appointment_id, is_imported, taken_at, source, source_id, sweep_at, status, failure_code,
                    paid_at, amount_refunded, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT milliseconds FROM hms_clock) + ?, ?, ?, ?, ?, ?)
                """, try stored.fixedFields() + [.integer(pause)] + stored.changingFields())
        } catch StorageError.uniqueViolation(index: "payments_by_reference", columns: _) {
            throw Rejection(.referenceTaken, "Another payment has this reference.", field: "reference")
        }
    }

    func update(_ stored: StoredPayment) throws {
        noteChange(from: stored.asRead, to: stored.payment)
        try enqueue(
            "UPDATE payments SET status = ?, failure_code = ?, paid_at = ?, amount_refunded = ?, version = ? WHERE payment_id = ?",
            try stored.changingFields() + [.text(stored.payment.paymentID)])
    }

    /// Stores what was answered to a payment so far.
    func keepProgress(of stored: StoredPayment) throws {
        let progress = stored.progress
        try enqueue(
            "UPDATE payments SET bill_answer = ?, bill_refusal = ?, charge = ?, give_back = ? WHERE payment_id = ?",
            [
                SQLValue(progress.bill?.storedWord), SQLValue(progress.bill?.refusal?.rawValue), SQLValue(progress.charge?.rawValue),
                SQLValue(progress.giveBack?.rawValue), .text(stored.payment.paymentID),
            ])
    }

    func postponePayment(_ paymentID: String, to sweepAt: Int64) throws {
        try enqueue("UPDATE payments SET sweep_at = ? WHERE payment_id = ?", [.integer(sweepAt), .text(paymentID)])
    }
}

extension StoredPayment {
    static let kind = RecordKind.payment
    static let table = "payments"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = """
        seq, payment_id, bill_id, patient_id, amount, currency, method, reference, created_at, caller, key, fingerprint, \
        correlation_id, status, failure_code, paid_at, amount_refunded, version, bill_answer, bill_refusal, charge, give_back, \
        appointment_id, is_imported, taken_at, source, source_id
        """

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        payment = Payment(
            paymentID: row.text(1), billID: row.text(2), patientID: row.text(3), amount: row.int64(4), currency: row.text(5),
            method: try row.word(6), reference: row.text(7), status: try row.word(13),
            failureCode: row.textOrNil(14),
            paidAt: row.int64OrNil(15).map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) }, amountRefunded: row.int64(16),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(8))), version: row.int64(17),
            imported: row.bool(23))
        asRead = payment
        appointmentID = row.text(22)
        request = IdempotentRequest(caller: row.text(9), key: row.text(10), fingerprint: row.blob(11))
        correlationID = row.text(12)
        progress = PaymentProgress(
            bill: try BillAnswer(storedWord: row.textOrNil(18), refusal: row.textOrNil(19), paidAt: row.int64OrNil(15)),
            charge: try row.wordOrNil(20), giveBack: try row.wordOrNil(21),
            isImported: row.bool(23))
        origin = row.int64OrNil(24).map { takenAt in
            PaymentOrigin(
                paidAt: Instant(millisecondsSinceEpoch: takenAt),
                source: row.textOrNil(25).map { SourceID(source: $0, value: row.textOrNil(26) ?? "") })
        }
    }

    /// The columns that never change, from `payment_id` to `source_id`.
    fileprivate func fixedFields() throws -> [SQLValue] {
        [
            .text(payment.paymentID), .text(payment.billID), .text(payment.patientID), .integer(payment.amount),
            .text(payment.currency), try .word(payment.method), .text(payment.reference),
            SQLValue(payment.createdAt?.instant?.millisecondsSinceEpoch), .text(request.caller), .text(request.key),
            .blob(request.fingerprint), .text(correlationID), .text(appointmentID), SQLValue(payment.imported),
            SQLValue(origin?.paidAt.millisecondsSinceEpoch), SQLValue(origin?.source?.source), SQLValue(origin?.source?.value),
        ]
    }

    /// The columns that can change, from `status` to `version`.
    fileprivate func changingFields() throws -> [SQLValue] {
        [
            try .word(payment.status), SQLValue(payment.failureCode), SQLValue(payment.paidAt?.instant?.millisecondsSinceEpoch),
            .integer(payment.amountRefunded), .integer(payment.version),
        ]
    }
}
