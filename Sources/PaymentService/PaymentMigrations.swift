import Storage

/// The schema of the payment service. A migration that was released is never edited; a change is a new one.
enum PaymentMigrations {
    static let schema = Schema(sqlite: [payments, sandbox, progress, imports], postgres: postgres)

    /// `seq` is the order in which payments were begun, by which lists are sorted. `caller`, `key` and `fingerprint` are
    /// the request that began it: its retry finds it by them. `sweep_at` is when the recovery sweep takes up what is
    /// PENDING, by the real clock.
    private static let payments = Migration(
        version: 1, name: "payments and refunds",
        sql: """
            CREATE TABLE payments (
                seq INTEGER PRIMARY KEY,
                payment_id TEXT NOT NULL UNIQUE,
                bill_id TEXT NOT NULL,
                patient_id TEXT NOT NULL,
                amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1050000000000),
                currency TEXT NOT NULL,
                method TEXT NOT NULL CHECK (method IN ('CASH', 'CARD', 'UPI', 'INSURANCE')),
                reference TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('PENDING', 'CAPTURED', 'FAILED')),
                failure_code TEXT,
                paid_at BIGINT,
                amount_refunded BIGINT NOT NULL CHECK (amount_refunded BETWEEN 0 AND amount),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                caller TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                correlation_id TEXT NOT NULL,
                sweep_at BIGINT NOT NULL,
                CONSTRAINT failed_payments_say_why CHECK ((status = 'FAILED') = (failure_code IS NOT NULL)),
                CONSTRAINT captured_payments_have_a_time CHECK ((status = 'CAPTURED') = (paid_at IS NOT NULL)),
                CONSTRAINT captured_payments_are_refunded CHECK (amount_refunded = 0 OR status = 'CAPTURED')
            );
            CREATE UNIQUE INDEX payments_by_reference ON payments (reference);
            CREATE UNIQUE INDEX payments_by_key ON payments (caller, key);
            CREATE UNIQUE INDEX payments_captured_once ON payments (bill_id) WHERE status = 'CAPTURED';
            CREATE INDEX payments_pending ON payments (sweep_at) WHERE status = 'PENDING';
            CREATE INDEX payments_by_bill ON payments (bill_id, seq);
            CREATE INDEX payments_by_patient ON payments (patient_id, seq);
            CREATE INDEX payments_by_status ON payments (status, seq);
            CREATE TABLE refunds (
                seq INTEGER PRIMARY KEY,
                refund_id TEXT NOT NULL UNIQUE,
                payment_id TEXT NOT NULL REFERENCES payments (payment_id),
                amount BIGINT NOT NULL CHECK (amount >= 1),
                currency TEXT NOT NULL,
                reason TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('PENDING', 'REFUNDED', 'FAILED')),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                caller TEXT,
                key TEXT,
                fingerprint BLOB,
                correlation_id TEXT NOT NULL,
                sweep_at BIGINT NOT NULL
            );
            CREATE UNIQUE INDEX refunds_by_key ON refunds (caller, key);
            CREATE INDEX refunds_by_payment ON refunds (payment_id, seq);
            CREATE INDEX refunds_pending ON refunds (sweep_at) WHERE status = 'PENDING';
            """)

    /// How far a payment has come, as ``PaymentProgress`` has it: what billing, and what the provider has said last. A payment
    /// of before may have come anywhere, so its charge is unknown. A FAILED payment gives its reference free.
    private static let progress = Migration(
        version: 3, name: "recorded steps of payments",
        sql: """
            ALTER TABLE payments ADD COLUMN bill_answer TEXT CHECK (bill_answer IN ('RESERVED', 'SETTLED', 'RELEASED', 'REFUSED'));
            ALTER TABLE payments ADD COLUMN bill_refusal TEXT;
            ALTER TABLE payments ADD COLUMN charge TEXT CHECK (charge IN ('UNKNOWN', 'CAPTURED', 'DECLINED', 'NOT_CHARGED'));
            ALTER TABLE payments ADD COLUMN give_back TEXT CHECK (give_back IN ('REFUNDED', 'REFUSED'));
            UPDATE payments SET bill_answer = 'RESERVED', charge = 'UNKNOWN' WHERE status = 'PENDING';
            UPDATE payments SET bill_answer = 'SETTLED', charge = 'CAPTURED' WHERE status = 'CAPTURED';
            DROP INDEX payments_by_reference;
            CREATE UNIQUE INDEX payments_by_reference ON payments (reference) WHERE status <> 'FAILED';
            """)

    /// What the sandbox, which stands for a provider outside, has done. Only ``SandboxProvider`` reads it.
    private static let sandbox = Migration(
        version: 2, name: "the sandbox's ledger",
        sql: """
            CREATE TABLE sandbox_charges (
                payment_id TEXT NOT NULL PRIMARY KEY,
                amount BIGINT NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome IN ('CAPTURED', 'DECLINED', 'NOT_CHARGED'))
            );
            CREATE TABLE sandbox_refunds (
                refund_id TEXT NOT NULL PRIMARY KEY,
                payment_id TEXT NOT NULL REFERENCES sandbox_charges (payment_id),
                amount BIGINT NOT NULL
            );
            """)

    /// `taken_at` is when another system took the money of an imported payment, `source_id` what it calls it. One that could
    /// not be imported gives its source id free. `appointment_id` is the bill's.
    private static let imports = Migration(
        version: 4, name: "imported payments",
        sql: """
            ALTER TABLE payments ADD COLUMN appointment_id TEXT NOT NULL DEFAULT '';
            ALTER TABLE payments ADD COLUMN is_imported INTEGER NOT NULL DEFAULT 0 CHECK (is_imported IN (0, 1));
            ALTER TABLE payments ADD COLUMN taken_at BIGINT CHECK ((taken_at IS NULL) = (is_imported = 0));
            ALTER TABLE payments ADD COLUMN source TEXT CHECK (source IS NULL OR is_imported = 1);
            ALTER TABLE payments ADD COLUMN source_id TEXT CHECK ((source_id IS NULL) = (source IS NULL));
            CREATE UNIQUE INDEX payments_one_of_each_source ON payments (source, source_id)
                WHERE source IS NOT NULL AND status <> 'FAILED';
            """)
}
