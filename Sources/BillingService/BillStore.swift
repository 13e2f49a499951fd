import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A bill as the table holds it.
struct StoredBill: StoredRecord {
    /// The order in which bills were made; 0 before it is stored.
    var sequence: Int64 = 0
    var bill: Bill
    /// The bill as it was when it was read; nil before it is stored.
    private(set) var asRead: Bill?
    /// The payment that is under way.
    var reservedBy: String?
    /// The payment that has paid it.
    var paidBy: String?
    /// Whether it was paid in another system.
    var isPaidElsewhere = false
    /// Since when it is not owed any more: paid or VOID. Nil where it is owed, and where it was made void before this was kept.
    var endedAt: Instant?
    /// What the system from which it was imported calls it.
    var source: SourceID?
    /// Whether it is of an end of its appointment that was taken back: the fee, or the consultation that became VOID.
    var isTakenBack = false
    /// Whether the payment service was asked to give such a fee back.
    var isRefundAsked = false
}

extension Reader {
    /// - Throws: `BILL_NOT_FOUND`.
    func bill(_ billID: String) throws -> StoredBill {
        try record(billID)
    }

    /// The bill of a kind of which an appointment has one at most that is not VOID; the last VOID one where there is none. Fees
    /// that were taken back are none of it.
    func bill(of appointmentID: String, _ kind: BillKind) throws -> StoredBill? {
        try row(
            """
            SELECT \(StoredBill.columns) FROM bills WHERE appointment_id = ? AND kind = ? AND taken_back = 0
            ORDER BY CASE status WHEN 'VOID' THEN 1 ELSE 0 END, seq DESC LIMIT 1
            """, [.text(appointmentID), try .word(kind)], StoredBill.init)
    }

    /// Whether an appointment has a bill of a kind that is not VOID.
    func hasBill(of appointmentID: String, _ kind: BillKind) throws -> Bool {
        try bill(of: appointmentID, kind).map { $0.bill.status != .void } ?? false
    }

    /// Bills newest first.
    func bills(matching filter: BillFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredBill> {
        var conditions = ListConditions(before: page.position)
        if let appointmentID = filter.appointmentID { conditions.require("appointment_id = ?", .text(appointmentID)) }
        if let patientID = filter.patientID { conditions.require("patient_id = ?", .text(patientID)) }
        if let status = filter.status { conditions.require("status = ?", try .word(status)) }
        if let source = filter.source { conditions.require("source = ? AND source_id = ?", .text(source.source), .text(source.value)) }
        return try newest(page, where: conditions)
    }

    /// The reserved bills that the sweep takes up by `now`, in milliseconds of the database's clock.
    func billsToSweep(at now: Int64, limit: Int) throws -> [StoredBill] {
        try rows(
            "SELECT \(StoredBill.columns) FROM bills WHERE reserved_by IS NOT NULL AND sweep_at <= ? ORDER BY sweep_at LIMIT ?",
            [.integer(now), SQLValue(limit)], StoredBill.init)
    }

    func countOpenBills(of patientID: String) throws -> Int {
        try row("SELECT count(*) FROM bills WHERE patient_id = ? AND status = 'OPEN'", [.text(patientID)]) { $0.int(0) } ?? 0
    }
}

extension Transaction {
    func insert(_ stored: StoredBill, on day: LocalDate) throws {
        let bill = stored.bill
        noteChange(to: bill)
        try enqueue(
            """
            INSERT INTO bills (bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency,
                day, created_at, is_imported, source, source_id, status, void_reason, reserved_by, paid_by, paid_at, is_paid_elsewhere,
                ended_at, amount_refunded, version, taken_back, refund_asked)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(bill.billID), .text(bill.patientID), .text(bill.appointmentID), .text(bill.department), try .word(bill.kind),
                .text(bill.descriptionValue), .integer(bill.subtotal), .integer(bill.tax), .integer(bill.amount), .text(bill.currency),
                .text(day.description), SQLValue(bill.createdAt?.instant?.millisecondsSinceEpoch),
                SQLValue(bill.imported), SQLValue(stored.source?.source), SQLValue(stored.source?.value),
            ] + (try stored.changingFields()))
    }

    func update(_ stored: StoredBill) throws {
        noteChange(from: stored.asRead, to: stored.bill)
        try enqueue(
            """
            UPDATE bills SET status = ?, void_reason = ?, reserved_by = ?, paid_by = ?, paid_at = ?, is_paid_elsewhere = ?, ended_at = ?,
                amount_refunded = ?, version = ?, taken_back = ?, refund_asked = ?
            WHERE bill_id = ?
            """,
            (try stored.changingFields()) + [.text(stored.bill.billID)])
    }

    /// Lets the sweep take up a bill after so many milliseconds by the database's clock.
    func scheduleSweep(of billID: String, in pause: Int64) throws {
        try enqueue(
            "UPDATE bills SET sweep_at = (SELECT milliseconds FROM hms_clock) + ? WHERE bill_id = ?", [.integer(pause), .text(billID)])
    }

    func postponeSweep(of billID: String, to sweepAt: Int64) throws {
        try enqueue("UPDATE bills SET sweep_at = ? WHERE bill_id = ?", [.integer(sweepAt), .text(billID)])
    }
}

extension StoredBill {
    static let kind = RecordKind.bill
    static let table = "bills"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = """
        seq, bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency, created_at, \
        status, void_reason, reserved_by, paid_by, paid_at, amount_refunded, version, is_imported, \
        is_paid_elsewhere, ended_at, source, source_id, taken_back, refund_asked
        """

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        bill = Bill(
            billID: row.text(1), patientID: row.text(2), appointmentID: row.text(3), kind: try row.word(5),
            descriptionValue: row.text(6), subtotal: row.int64(7), tax: row.int64(8), amount: row.int64(9), currency: row.text(10),
            status: try row.word(12), voidReason: row.textOrNil(13),
            paidAt: row.int64OrNil(16).map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) }, amountRefunded: row.int64(17),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(11))), version: row.int64(18), department: row.text(4),
            imported: row.bool(19))
        asRead = bill
        reservedBy = row.textOrNil(14)
        paidBy = row.textOrNil(15)
        isPaidElsewhere = row.bool(20)
        endedAt = row.int64OrNil(21).map(Instant.init(millisecondsSinceEpoch:))
        if let system = row.textOrNil(22), let value = row.textOrNil(23) { source = SourceID(source: system, value: value) }
        isTakenBack = row.bool(24)
        isRefundAsked = row.bool(25)
    }

    /// The columns that can change, from `status` to `refund_asked`.
    fileprivate func changingFields() throws -> [SQLValue] {
        [
            try .word(bill.status), SQLValue(bill.voidReason), SQLValue(reservedBy), SQLValue(paidBy),
            SQLValue(bill.paidAt?.instant?.millisecondsSinceEpoch), SQLValue(isPaidElsewhere), SQLValue(endedAt?.millisecondsSinceEpoch),
            .integer(bill.amountRefunded), .integer(bill.version),
            SQLValue(isTakenBack), SQLValue(isRefundAsked),
        ]
    }
}
