import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A refund as the table holds it.
struct StoredRefund: StoredRecord {
    /// The order in which refunds were begun; 0 before it is stored.
    var sequence: Int64 = 0
    var refund: Refund
    /// The refund as it was when it was read; nil before it is stored.
    private(set) var asRead: Refund?
    /// The request that began it; nil where billing has asked for it.
    let request: IdempotentRequest?
    let correlationID: String
}

extension Reader {
    /// - Throws: `PAYMENT_NOT_FOUND`.
    func refund(_ refundID: String) throws -> StoredRefund {
        try record(refundID)
    }

    /// The refund that a caller has begun under a key, with this or another request.
    func refund(under request: IdempotentRequest) throws -> StoredRefund? {
        try row(
            "SELECT \(StoredRefund.columns) FROM refunds WHERE caller = ? AND key = ?", [.text(request.caller), .text(request.key)],
            StoredRefund.init)
    }

    /// The refunds of a payment, newest first.
    func refunds(of paymentID: String, on page: PageRequest<Int64>) throws -> ListPage<StoredRefund> {
        var conditions = ListConditions(before: page.position)
        conditions.require("payment_id = ?", .text(paymentID))
        return try newest(page, where: conditions)
    }

    /// The sum of a payment's refunds, those under way included.
    func sumOfRefunds(of paymentID: String) throws -> Int64 {
        try row(
            "SELECT coalesce(sum(amount), 0) FROM refunds WHERE payment_id = ? AND status <> 'FAILED'", [.text(paymentID)]
        ) { $0.int64(0) } ?? 0
    }

    /// The PENDING refunds of captured payments that the sweep takes up by `now`, in milliseconds of the database's clock.
    func refundsToRecover(at now: Int64, limit: Int) throws -> [StoredRefund] {
        try rows(
            """
            SELECT \(StoredRefund.columns) FROM refunds WHERE status = 'PENDING' AND sweep_at <= ?
                AND EXISTS (SELECT 1 FROM payments p WHERE p.payment_id = refunds.payment_id AND p.status = 'CAPTURED')
            ORDER BY sweep_at LIMIT ?
            """, [.integer(now), SQLValue(limit)], StoredRefund.init)
    }
}

extension Transaction {
    /// - Parameter pause: how long the sweep leaves it alone, in milliseconds.
    func insert(_ stored: StoredRefund, sweptAfter pause: Int64) throws {
        let refund = stored.refund
        noteChange(to: refund)
        try enqueue(
            """
            INSERT INTO refunds (refund_id, payment_id, amount, currency, reason, status, created_at, version, caller, key, fingerprint,
                correlation_id, sweep_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT milliseconds FROM hms_clock) + ?)
            """,
            [
                .text(refund.refundID), .text(refund.paymentID), .integer(refund.amount), .text(refund.currency), .text(refund.reason),
                try .word(refund.status), SQLValue(refund.createdAt?.instant?.millisecondsSinceEpoch), .integer(refund.version),
                SQLValue(stored.request?.caller), SQLValue(stored.request?.key), SQLValue(stored.request?.fingerprint),
                .text(stored.correlationID), .integer(pause),
            ])
    }

    func update(_ stored: StoredRefund) throws {
        noteChange(from: stored.asRead, to: stored.refund)
        try enqueue(
            "UPDATE refunds SET status = ?, version = ? WHERE refund_id = ?",
            [try .word(stored.refund.status), .integer(stored.refund.version), .text(stored.refund.refundID)])
    }

    func postponeRefund(_ refundID: String, to sweepAt: Int64) throws {
        try enqueue("UPDATE refunds SET sweep_at = ? WHERE refund_id = ?", [.integer(sweepAt), .text(refundID)])
    }
}

extension StoredRefund {
    static let kind = RecordKind.refund
    static let table = "refunds"
    /// In the order in which ``init(_:)`` reads them.
    static let columns =
        "seq, refund_id, payment_id, amount, currency, reason, status, created_at, version, caller, key, fingerprint, correlation_id"

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        refund = Refund(
            refundID: row.text(1), paymentID: row.text(2), amount: row.int64(3), currency: row.text(4), reason: row.text(5),
            status: try row.word(6), createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(7))),
            version: row.int64(8))
        asRead = refund
        if let caller = row.textOrNil(9), let key = row.textOrNil(10), let fingerprint = row.blobOrNil(11) {
            request = IdempotentRequest(caller: caller, key: key, fingerprint: fingerprint)
        } else {
            request = nil
        }
        correlationID = row.text(12)
    }
}
