import Storage

/// The schema of the billing service. A migration that was released is never edited; a change is a new one.
enum BillingMigrations {
    static let all = [bills, billHolds, reservations]

    /// `seq` is the order in which bills were made, by which lists are sorted. `day` is the day of `created_at` on the
    /// clinic's calendar. `reserved_by` is the payment under way, `paid_by` the one that has paid.
    /// A closing is an appointment that was cancelled or missed, and what of its fee the clinic keeps.
    private static let bills = Migration(
        version: 1, name: "bills and closings",
        sql: """
            CREATE TABLE bills (
                seq INTEGER PRIMARY KEY,
                bill_id TEXT NOT NULL UNIQUE,
                patient_id TEXT NOT NULL,
                appointment_id TEXT NOT NULL,
                department TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('CONSULTATION', 'CANCELLATION_FEE', 'NO_SHOW_FEE', 'OTHER')),
                description TEXT NOT NULL,
                subtotal BIGINT NOT NULL CHECK (subtotal BETWEEN 1 AND 1000000000000),
                tax BIGINT NOT NULL,
                amount BIGINT NOT NULL,
                currency TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('OPEN', 'PAID', 'VOID', 'PARTIALLY_REFUNDED', 'REFUNDED')),
                void_reason TEXT,
                reserved_by TEXT,
                paid_by TEXT,
                paid_at BIGINT,
                amount_refunded BIGINT NOT NULL,
                day TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CONSTRAINT tax_is_five_percent_half_up CHECK (tax = (subtotal * 5 + 50) / 100),
                CONSTRAINT amount_is_subtotal_and_tax CHECK (amount = subtotal + tax),
                CONSTRAINT void_bills_have_a_reason CHECK ((status = 'VOID') = (void_reason IS NOT NULL)),
                CONSTRAINT open_bills_are_reserved CHECK (reserved_by IS NULL OR status = 'OPEN'),
                CONSTRAINT paid_bills_have_a_payment CHECK ((status IN ('OPEN', 'VOID')) = (paid_by IS NULL)),
                CONSTRAINT paid_bills_have_a_time CHECK ((paid_by IS NULL) = (paid_at IS NULL)),
                CONSTRAINT refunds_are_in_the_status CHECK (
                    CASE status
                        WHEN 'REFUNDED' THEN amount_refunded = amount
                        WHEN 'PARTIALLY_REFUNDED' THEN amount_refunded > 0 AND amount_refunded < amount
                        ELSE amount_refunded = 0
                    END)
            );
            CREATE UNIQUE INDEX bills_one_of_each_kind ON bills (appointment_id, kind) WHERE kind <> 'OTHER';
            CREATE UNIQUE INDEX bills_one_of_each_payment ON bills (paid_by) WHERE paid_by IS NOT NULL;
            CREATE INDEX bills_by_patient ON bills (patient_id, seq);
            CREATE INDEX bills_by_appointment ON bills (appointment_id, seq);
            CREATE INDEX bills_by_status ON bills (status, seq);
            CREATE INDEX bills_by_day ON bills (day);
            CREATE TABLE closings (
                appointment_id TEXT NOT NULL PRIMARY KEY,
                patient_id TEXT NOT NULL,
                department TEXT NOT NULL,
                fee_kind TEXT NOT NULL CHECK (fee_kind IN ('CANCELLATION_FEE', 'NO_SHOW_FEE')),
                consultation_fee BIGINT NOT NULL CHECK (consultation_fee BETWEEN 1 AND 1000000000000),
                percent_kept INTEGER NOT NULL CHECK (percent_kept BETWEEN 0 AND 100),
                refund_asked INTEGER NOT NULL CHECK (refund_asked IN (0, 1))
            );
            """)

    /// `bill_holds` are of the real clock. An OPEN bill is looked for by its patient before he is deleted.
    private static let billHolds = Migration(
        version: 2, name: "holds, and open bills by patient",
        sql: """
            CREATE TABLE bill_holds (
                patient_id TEXT NOT NULL PRIMARY KEY,
                expires_at BIGINT NOT NULL
            );
            CREATE INDEX bill_holds_by_end ON bill_holds (expires_at);
            CREATE INDEX bills_open_by_patient ON bills (patient_id) WHERE status = 'OPEN';
            """)

    /// `sweep_at` is when the sweep asks what has become of the payment that holds a bill, by the real clock.
    private static let reservations = Migration(
        version: 3, name: "reservations that are looked after",
        sql: """
            ALTER TABLE bills ADD COLUMN sweep_at BIGINT NOT NULL DEFAULT 0;
            CREATE INDEX bills_reserved ON bills (sweep_at) WHERE reserved_by IS NOT NULL;
            """)
}
