import ServiceKit
import Storage

/// Payment rules 1–5: nobody is charged twice, and nobody's money hangs in the air.
extension Invariants {
    static let payments = [
        Invariant(
            "Every paid bill has its captured payment, of its amount and with its refunds, unless it was imported without one",
            of: ["billing", "payment"], .inTheEnd,
            counting: "SELECT count(*) FROM billing.bills WHERE status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')",
            breaking: """
                SELECT b.bill_id || ': ' || b.status || CASE
                    WHEN p.payment_id IS NULL THEN ' without a captured payment'
                    ELSE ', captured ' || p.amount || ', refunded ' || p.amount_refunded END
                FROM billing.bills b
                LEFT JOIN payment.payments p ON p.payment_id = b.paid_by AND p.bill_id = b.bill_id AND p.status = 'CAPTURED'
                WHERE b.status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')
                    AND NOT (b.is_imported = 1 AND b.is_paid_elsewhere = 1 AND b.paid_by IS NULL AND b.status = 'PAID') AND (
                    p.payment_id IS NULL OR p.amount <> b.amount OR p.amount_refunded <> b.amount_refunded
                    OR b.status <> CASE b.amount_refunded WHEN 0 THEN 'PAID' WHEN b.amount THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END)
                """),
        Invariant(
            "Every captured payment has paid its bill", of: ["billing", "payment"], .inTheEnd,
            counting: "SELECT count(*) FROM payment.payments WHERE status = 'CAPTURED'",
            breaking: """
                SELECT p.payment_id || ': its bill is ' || COALESCE(b.status, 'not there') FROM payment.payments p
                LEFT JOIN billing.bills b ON b.bill_id = p.bill_id
                WHERE p.status = 'CAPTURED' AND b.paid_by IS DISTINCT FROM p.payment_id
                """),
        Invariant(
            "A bill says that another system was paid where its payment was imported", of: ["billing", "payment"], .acrossServices,
            counting: "SELECT count(*) FROM billing.bills WHERE paid_by IS NOT NULL",
            breaking: """
                SELECT b.bill_id || ': paid by ' || p.payment_id || CASE p.is_imported WHEN 1 THEN ', imported' ELSE ', made here' END
                FROM billing.bills b JOIN payment.payments p ON p.payment_id = b.paid_by
                WHERE b.is_paid_elsewhere <> p.is_imported
                """),
        Invariant(
            "No bill has two captured payments, and a void one has none", of: ["billing", "payment"], .acrossServices,
            counting: "SELECT count(*) FROM billing.bills",
            breaking: """
                SELECT b.bill_id || ': ' || count(*) || ' captured' FROM billing.bills b
                JOIN payment.payments p ON p.bill_id = b.bill_id AND p.status = 'CAPTURED'
                GROUP BY b.seq HAVING count(*) > 1 OR b.status = 'VOID'
                """),
        Invariant(
            "A reservation of a bill always has its PENDING payment", of: ["billing", "payment"], .acrossServices,
            counting: "SELECT count(*) FROM billing.bills WHERE reserved_by IS NOT NULL",
            breaking: """
                SELECT b.bill_id || ': held by ' || b.reserved_by || ', which is ' || COALESCE(p.status, 'not there') FROM billing.bills b
                LEFT JOIN payment.payments p ON p.payment_id = b.reserved_by AND p.bill_id = b.bill_id
                WHERE b.reserved_by IS NOT NULL AND p.status IS DISTINCT FROM 'PENDING'
                """),
        Invariant(
            "Money that was captured has paid the bill or has gone back", of: ["payment"],
            counting: "SELECT count(*) FROM payment.payments WHERE charge = 'CAPTURED'",
            breaking: """
                SELECT payment_id || ': ' || status || ', charge ' || COALESCE(charge, 'unknown') || ', bill '
                    || COALESCE(bill_answer, 'unknown') || CASE give_back
                        WHEN 'REFUNDED' THEN ', given back' WHEN 'REFUSED' THEN ', refused to give back' ELSE '' END
                FROM payment.payments
                WHERE status = 'CAPTURED' AND (bill_answer IS DISTINCT FROM 'SETTLED' OR give_back IS NOT NULL
                        OR charge IS DISTINCT FROM CASE is_imported WHEN 1 THEN NULL ELSE 'CAPTURED' END)
                    OR status = 'FAILED' AND charge = 'CAPTURED' AND give_back IS DISTINCT FROM 'REFUNDED'
                    OR status = 'PENDING' AND give_back = 'REFUSED'
                """),
        Invariant(
            "A refund that was due and refused has been made up for", of: ["payment"],
            counting: "SELECT count(*) FROM payment.refunds WHERE key IS NULL",
            breaking: """
                SELECT r.refund_id || ': ' || r.amount || ' of ' || r.payment_id FROM payment.refunds r
                WHERE r.key IS NULL AND r.status = 'FAILED' AND r.amount > COALESCE((
                    SELECT sum(later.amount) FROM payment.refunds later
                    WHERE later.payment_id = r.payment_id AND later.seq > r.seq AND later.status <> 'FAILED'), 0)
                """),
        Invariant(
            "The sandbox has taken and given back what payments and refunds say", of: ["payment"], .inTheEnd,
            counting: "SELECT count(*) FROM payment.sandbox_charges",
            breaking: """
                SELECT c.payment_id || ': took ' || c.taken || ', gave back ' || c.returned || ', is ' || COALESCE(p.status, 'not there')
                FROM (SELECT payment_id, CASE outcome WHEN 'CAPTURED' THEN amount ELSE 0 END AS taken, COALESCE((
                        SELECT sum(r.amount) FROM payment.sandbox_refunds r WHERE r.payment_id = s.payment_id), 0) AS returned
                    FROM payment.sandbox_charges s) c
                LEFT JOIN payment.payments p ON p.payment_id = c.payment_id
                WHERE CASE p.status
                    WHEN 'PENDING' THEN FALSE
                    WHEN 'CAPTURED' THEN c.taken <> p.amount OR c.returned <> p.amount_refunded
                    ELSE c.taken <> c.returned END
                """),
        Invariant(
            "No payment gives back more than it took, and its refunds add up", of: ["payment"],
            counting: "SELECT count(*) FROM payment.refunds",
            breaking: """
                SELECT p.payment_id || ': ' || p.amount_refunded || ' of ' || p.amount || ' given back, refunds of '
                    || COALESCE(sum(r.amount) FILTER (WHERE r.status = 'REFUNDED'), 0) FROM payment.payments p
                LEFT JOIN payment.refunds r ON r.payment_id = p.payment_id GROUP BY p.seq
                HAVING COALESCE(sum(r.amount) FILTER (WHERE r.status <> 'FAILED'), 0) > p.amount
                    OR COALESCE(sum(r.amount) FILTER (WHERE r.status = 'REFUNDED'), 0) <> p.amount_refunded
                    OR p.status <> 'CAPTURED' AND count(r.refund_id) > 0
                """),
        Invariant(
            "No payment and no refund is pending for longer than the sweep takes", of: ["payment"], .inTheEnd,
            look: overdue),
        Invariant(
            "Every idempotency key of a payment or a refund has one effect", of: ["payment"],
            counting: "SELECT (SELECT count(*) FROM payment.payments) + (SELECT count(*) FROM payment.refunds WHERE key IS NOT NULL)",
            breaking: """
                SELECT min(payment_id) || ', ' || max(payment_id) FROM payment.payments GROUP BY caller, key HAVING count(*) > 1
                UNION ALL
                SELECT min(refund_id) || ', ' || max(refund_id) FROM payment.refunds WHERE key IS NOT NULL GROUP BY caller, key HAVING count(*) > 1
                """),
    ]

    @Sendable private static func overdue(_ evidence: Evidence) throws -> Finding {
        let swept = SQLValue.integer(SystemTime.millisecondsSinceEpoch() - 60_000)
        return try evidence.files.read { reader in
            let breaches = try reader.rows(pending("id") + " WHERE sweep_at < ?", [swept]) { $0.text(0) }
            return Finding(count: try reader.count(pending("count(*)")), breaches: breaches)
        }
    }

    /// Whether a payment or a refund is under way.
    static func hasPendingPayment(_ reader: Reader) throws -> Bool {
        try reader.exists(pending("1"))
    }

    private static func pending(_ columns: String) -> String {
        """
        SELECT \(columns) FROM (
            SELECT payment_id AS id, sweep_at FROM payment.payments WHERE status = 'PENDING'
            UNION ALL SELECT refund_id, sweep_at FROM payment.refunds WHERE status = 'PENDING') AS pending
        """
    }
}
