import Storage

/// The schema of the billing service. A migration that was released is never edited; a change is a new one.
enum BillingMigrations {
    static let schema = Schema(sqlite: [bills, billHolds, reservations, endsOfBills, takingBack], postgres: postgres)

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

    /// Bills that were imported, and when a bill ended: paid or VOID. `ended_at` is NULL of bills that are owed, and of those
    /// that were made void before it was kept; reports leave these out, as they did. `is_paid_elsewhere` is whether another
    /// system took the money. A VOID bill stands in nobody's way. Of the refunds of before only the sum is known: they count
    /// from the payment on.
    private static let endsOfBills = Migration(
        version: 4, name: "ends of bills, refunds and imports",
        sql: """
            CREATE TABLE new_bills (
                seq INTEGER PRIMARY KEY,
                bill_id TEXT NOT NULL UNIQUE,
                patient_id TEXT NOT NULL,
                appointment_id TEXT NOT NULL,
                department TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('CONSULTATION', 'CANCELLATION_FEE', 'NO_SHOW_FEE', 'OTHER')),
                description TEXT NOT NULL,
                subtotal BIGINT NOT NULL CHECK (subtotal BETWEEN 1 AND 1000000000000),
                tax BIGINT NOT NULL,
                amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1050000000000),
                currency TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('OPEN', 'PAID', 'VOID', 'PARTIALLY_REFUNDED', 'REFUNDED')),
                void_reason TEXT,
                reserved_by TEXT,
                paid_by TEXT,
                paid_at BIGINT,
                is_paid_elsewhere INTEGER NOT NULL CHECK (is_paid_elsewhere IN (0, 1)),
                ended_at BIGINT,
                amount_refunded BIGINT NOT NULL,
                day TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                is_imported INTEGER NOT NULL CHECK (is_imported IN (0, 1)),
                source TEXT,
                source_id TEXT,
                version BIGINT NOT NULL CHECK (version >= 1),
                sweep_at BIGINT NOT NULL DEFAULT 0,
                CONSTRAINT tax_is_five_percent_half_up CHECK (CASE is_imported WHEN 1 THEN tax >= 0 ELSE tax = (subtotal * 5 + 50) / 100 END),
                CONSTRAINT amount_is_subtotal_and_tax CHECK (amount = subtotal + tax),
                CONSTRAINT void_bills_have_a_reason CHECK ((status = 'VOID') = (void_reason IS NOT NULL)),
                CONSTRAINT open_bills_are_reserved CHECK (reserved_by IS NULL OR status = 'OPEN'),
                CONSTRAINT paid_bills_have_a_payment CHECK (
                    CASE WHEN status IN ('OPEN', 'VOID') THEN paid_by IS NULL
                        ELSE paid_by IS NOT NULL OR is_imported = 1 AND is_paid_elsewhere = 1 END),
                CONSTRAINT paid_bills_have_a_time CHECK ((status IN ('OPEN', 'VOID')) = (paid_at IS NULL)),
                CONSTRAINT paid_bills_are_paid_somewhere CHECK (is_paid_elsewhere = 0 OR paid_at IS NOT NULL),
                CONSTRAINT bills_end_when_they_are_not_owed CHECK (
                    CASE status WHEN 'OPEN' THEN ended_at IS NULL WHEN 'VOID' THEN TRUE ELSE ended_at IS NOT NULL END),
                CONSTRAINT imported_bills_have_a_source CHECK ((source IS NULL) = (source_id IS NULL) AND (source IS NULL OR is_imported = 1)),
                CONSTRAINT refunds_are_in_the_status CHECK (
                    CASE status
                        WHEN 'REFUNDED' THEN amount_refunded = amount
                        WHEN 'PARTIALLY_REFUNDED' THEN amount_refunded > 0 AND amount_refunded < amount
                        ELSE amount_refunded = 0
                    END)
            );
            INSERT INTO new_bills (seq, bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency,
                status, void_reason, reserved_by, paid_by, paid_at, is_paid_elsewhere, ended_at, amount_refunded, day, created_at, is_imported,
                version, sweep_at)
            SELECT seq, bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency,
                status, void_reason, reserved_by, paid_by, paid_at, 0, paid_at, amount_refunded, day, created_at, 0, version, sweep_at
            FROM bills;
            DROP TABLE bills;
            ALTER TABLE new_bills RENAME TO bills;
            CREATE UNIQUE INDEX bills_one_of_each_kind ON bills (appointment_id, kind)
                WHERE kind <> 'OTHER' AND status <> 'VOID' AND appointment_id <> '';
            CREATE UNIQUE INDEX bills_one_of_each_payment ON bills (paid_by) WHERE paid_by IS NOT NULL;
            CREATE UNIQUE INDEX bills_one_of_each_source ON bills (source, source_id) WHERE source IS NOT NULL;
            CREATE INDEX bills_by_patient ON bills (patient_id, seq);
            CREATE INDEX bills_by_appointment ON bills (appointment_id, seq);
            CREATE INDEX bills_by_status ON bills (status, seq);
            CREATE INDEX bills_by_day ON bills (day);
            CREATE INDEX bills_by_end ON bills (ended_at);
            CREATE INDEX bills_open_by_patient ON bills (patient_id) WHERE status = 'OPEN';
            CREATE INDEX bills_reserved ON bills (sweep_at) WHERE reserved_by IS NOT NULL;
            CREATE TABLE bill_refunds (
                seq INTEGER PRIMARY KEY,
                bill_id TEXT NOT NULL REFERENCES bills (bill_id),
                refund_id TEXT NOT NULL,
                amount BIGINT NOT NULL CHECK (amount >= 1),
                refunded_at BIGINT NOT NULL
            );
            CREATE INDEX bill_refunds_by_bill ON bill_refunds (bill_id);
            CREATE INDEX bill_refunds_by_time ON bill_refunds (refunded_at);
            INSERT INTO bill_refunds (bill_id, refund_id, amount, refunded_at)
            SELECT bill_id, '', amount_refunded, paid_at FROM bills WHERE amount_refunded > 0 ORDER BY seq;
            """)

    /// A no-show that is taken back leaves its closing as `taken_back`, with the `version` of the appointment that told of it,
    /// so that what comes late changes nothing. A fee bill that was `taken_back` makes room for another; `refund_asked` is
    /// whether the payment service was asked to give it back.
    private static let takingBack = Migration(
        version: 5, name: "no-shows that were taken back",
        sql: """
            ALTER TABLE closings ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE closings ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0 CHECK (taken_back IN (0, 1));
            ALTER TABLE bills ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0 CHECK (taken_back IN (0, 1));
            ALTER TABLE bills ADD COLUMN refund_asked INTEGER NOT NULL DEFAULT 0 CHECK (refund_asked IN (0, 1));
            DROP INDEX bills_one_of_each_kind;
            CREATE UNIQUE INDEX bills_one_of_each_kind ON bills (appointment_id, kind)
                WHERE kind <> 'OTHER' AND status <> 'VOID' AND appointment_id <> '' AND taken_back = 0;
            """)
}
