import Storage

/// Ids that point from one service's records to another's, and what belongs to a record of its own service.
extension Invariants {
    /// PostgreSQL is not asked to keep these references, because that made bookings and imports meet that have nothing to do with one
    /// another. Those of people's source ids are among what ``sourceIDs(of:)`` looks at.
    static func belongings(of services: Set<String>) -> [Invariant] {
        let belongings = belongings.filter { services.contains($0.service) }
        guard !belongings.isEmpty else { return [] }
        let sentence = "Every step of a history, and every source id of a visit or a prescription, belongs to one that is there"
        return [
            Invariant(sentence, of: Set(belongings.map(\.service))) { evidence in
                try belongings.reduce(Finding(count: 0, breaches: [])) { finding, belonging in
                    try evidence.files.read { reader in
                        let count = try reader.count(belonging.counting)
                        return finding + Finding(count: count, breaches: try reader.rows(belonging.orphaned) { $0.text(0) })
                    }
                }
            }
        ]
    }

    private static let belongings = [
        Belonging("appointment", "appointment_steps", by: "appointment_seq", to: "appointments"),
        Belonging("appointment", "appointment_sources", by: "appointment_seq", to: "appointments"),
        Belonging("prescription", "prescription_sources", by: "prescription_seq", to: "prescriptions"),
    ]

    static func references(between services: Set<String>) -> [Invariant] {
        let pointers = pointers.filter { services.isSuperset(of: [$0.from, $0.to]) }
        let sentence = "Every id that points to a record of another service leads to one"
        return [
            Invariant(sentence, of: Set(pointers.flatMap { [$0.from, $0.to] }), .acrossServices) { evidence in
                try pointers.reduce(Finding(count: 0, breaches: [])) { finding, pointer in
                    try evidence.files.read { reader in
                        let count = try reader.count(pointer.counting)
                        return finding + Finding(count: count, breaches: try reader.rows(pointer.dangling) { $0.text(0) })
                    }
                }
            }
        ]
    }

    private static let pointers = [
        Pointer(from: "appointment", "appointments.appointment_id", by: "patient_id", to: "patient", "patients.patient_id"),
        Pointer(from: "appointment", "appointments.appointment_id", by: "doctor_id", to: "doctor", "doctors.doctor_id"),
        Pointer(from: "appointment", "doctor_department.doctor_id", by: "doctor_id", to: "doctor", "doctors.doctor_id"),
        Pointer(
            from: "billing", "bills.bill_id", by: "appointment_id", where: "(is_imported = 0 OR appointment_id <> '')", to: "appointment",
            "appointments.appointment_id"),
        Pointer(from: "billing", "bills.bill_id", by: "patient_id", to: "patient", "patients.patient_id"),
        Pointer(from: "billing", "bills.bill_id", by: "reserved_by", to: "payment", "payments.payment_id"),
        Pointer(from: "billing", "bills.bill_id", by: "paid_by", to: "payment", "payments.payment_id"),
        Pointer(from: "billing", "closings.appointment_id", by: "appointment_id", to: "appointment", "appointments.appointment_id"),
        Pointer(
            from: "payment", "payments.payment_id", by: "appointment_id", where: "appointment_id <> ''", to: "appointment",
            "appointments.appointment_id"),
        Pointer(from: "payment", "payments.payment_id", by: "bill_id", to: "billing", "bills.bill_id"),
        Pointer(from: "payment", "payments.payment_id", by: "patient_id", to: "patient", "patients.patient_id"),
        Pointer(
            from: "prescription", "prescriptions.prescription_id", by: "appointment_id", to: "appointment", "appointments.appointment_id"),
        Pointer(from: "prescription", "prescriptions.prescription_id", by: "patient_id", to: "patient", "patients.patient_id"),
        Pointer(from: "prescription", "prescriptions.prescription_id", by: "doctor_id", to: "doctor", "doctors.doctor_id"),
        Pointer(
            from: "notification", "notifications.notification_id", by: "recipient_id", where: "recipient_id LIKE 'pat%'", to: "patient",
            "patients.patient_id"),
        Pointer(
            from: "notification", "notifications.notification_id", by: "recipient_id", where: "recipient_id NOT LIKE 'pat%'", to: "doctor",
            "doctors.doctor_id"),
    ]
}

/// A column that holds the key of another service's table.
private struct Pointer: Sendable {
    let from: String
    let to: String
    private let table: String
    private let id: String
    private let column: String
    private let condition: String
    private let target: String
    private let key: String

    /// - Parameters:
    ///   - record: `table.column`, the column by which the record is named.
    ///   - condition: which of the records point there.
    ///   - target: `table.column`, the column that is pointed to.
    init(from: String, _ record: String, by column: String, where condition: String = "TRUE", to: String, _ target: String) {
        let record = record.split(separator: ".").map(String.init)
        let target = target.split(separator: ".").map(String.init)
        self.from = from
        self.to = to
        self.column = column
        self.condition = condition
        table = "\(from).\(record[0])"
        id = record[1]
        self.target = "\(to).\(target[0])"
        key = target[1]
    }

    var counting: String { "SELECT count(\(column)) FROM \(table) WHERE \(condition)" }

    var dangling: String {
        """
        SELECT \(id) || ': \(column) ' || \(column) FROM \(table)
        WHERE \(condition) AND \(column) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \(target) t WHERE t.\(key) = \(table).\(column))
        """
    }
}

/// A table whose rows belong to those of another one of the same service, by their `seq`.
private struct Belonging: Sendable {
    let service: String
    private let table: String
    private let column: String
    private let owners: String

    init(_ service: String, _ table: String, by column: String, to owners: String) {
        self.service = service
        self.table = table
        self.column = column
        self.owners = owners
    }

    var counting: String { "SELECT count(*) FROM \(service).\(table)" }

    var orphaned: String {
        """
        SELECT '\(table): \(column) ' || \(column) FROM \(service).\(table) b
        WHERE NOT EXISTS (SELECT 1 FROM \(service).\(owners) o WHERE o.seq = b.\(column))
        """
    }
}
