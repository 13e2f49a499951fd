import AppointmentRules
import Contracts
import ServiceKit
import Storage
import Vocabulary

/// An appointment as the table holds it.
struct StoredAppointment: StoredRecord {
    /// The order of booking.
    let sequence: Int64
    /// The clinic day under whose cap it is counted.
    let clinicDay: LocalDate
    var appointment: Appointment
}

extension Reader {
    /// - Throws: `APPOINTMENT_NOT_FOUND`.
    func appointment(_ appointmentID: String) throws -> StoredAppointment {
        try record(appointmentID)
    }
}

extension Transaction {
    /// Adds an appointment with the first step of its history, and counts it on its day.
    ///
    /// - Returns: its sequence.
    /// - Throws: `PATIENT_SLOT_TAKEN`, `DOCTOR_SLOT_TAKEN` or `DOCTOR_DAILY_CAP` where the schema refuses it.
    @discardableResult
    func insert(_ appointment: Appointment, on day: LocalDate, _ step: Step) throws -> Int64 {
        let sequence = try keepingPlaces {
            try count(appointment, on: day)
            return try insertRow(appointment, on: day).get() ?? 0
        }
        try record(step, of: StoredAppointment(sequence: sequence, clinicDay: day, appointment: appointment))
        return sequence
    }

    /// Adds an appointment as ``insert(_:on:_:)`` does, with the event that tells of it, and asks nobody before whether its place
    /// is free: the schema keeps the places, and where nothing is read that others write, nobody meets anybody. All that is waited
    /// for is one answer.
    ///
    /// - Throws: ``Hindered`` where the schema refuses it or somebody has asked that no booking be made there: why is for
    ///   ``Reader/obstacles(in:moving:_:)`` to say.
    func insertUnhindered(_ appointment: Appointment, in place: WantedPlace, telling news: OutboxEvent, at now: Instant, by caller: String)
        throws
    {
        do {
            let isHeld = try pendingHold(on: place)
            // First what may be refused.
            let sequence = try insertRow(appointment, on: place.day)
            try count(appointment, on: place.day)
            let told = try publishPending(news)
            let stored = StoredAppointment(sequence: try sequence.get() ?? 0, clinicDay: place.day, appointment: appointment)
            try record(Step(at: now, by: caller, reason: nil, eventSequence: try told.get()), of: stored)
            if try isHeld.get() == true { throw Hindered() }
        } catch StorageError.uniqueViolation(index: "active_slot_of_patient", columns: _),
            StorageError.uniqueViolation(index: "active_slot_of_doctor", columns: _), StorageError.checkViolation(name: "daily_cap")
        {
            throw Hindered()
        }
    }

    private func insertRow(_ appointment: Appointment, on day: LocalDate) throws -> PendingRow<Int64> {
        noteChange(to: appointment)
        return try pendingRow(
            """
            INSERT INTO appointments (slot_start, slot_end, clinic_day, status, reschedule_count, cancel_reason, cancelled_by,
                fee_percent, version, appointment_id, patient_id, doctor_id, department, department_folded, consultation_fee,
                is_history, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq
            """,
            try appointment.changingFields(on: day) + appointment.lastingFields + [
                SQLValue(appointment.imported), SQLValue(appointment.createdAt?.instant?.millisecondsSinceEpoch),
            ]
        ) { $0.int64(0) }
    }

    /// Changes an appointment, adds a step to its history, and counts it as what it has become.
    ///
    /// - Throws: as ``insert(_:on:_:)``.
    func update(_ stored: StoredAppointment, to appointment: Appointment, on day: LocalDate, _ step: Step) throws {
        noteChange(from: stored.appointment, to: appointment)
        try keepingPlaces {
            try recount(stored, as: appointment, on: day)
            try execute(
                """
                UPDATE appointments SET slot_start = ?, slot_end = ?, clinic_day = ?, status = ?, reschedule_count = ?, cancel_reason = ?,
                    cancelled_by = ?, fee_percent = ?, version = ?
                WHERE seq = ?
                """,
                try appointment.changingFields(on: day) + [.integer(stored.sequence)])
        }
        try record(step, of: StoredAppointment(sequence: stored.sequence, clinicDay: day, appointment: appointment))
    }
}

/// Something may stand in the way of an appointment.
struct Hindered: Error {}

extension StoredAppointment {
    static let kind = RecordKind.appointment
    static let table = "appointments"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = """
        seq, clinic_day, appointment_id, patient_id, doctor_id, department, slot_start, slot_end, status, reschedule_count, \
        consultation_fee, cancel_reason, cancelled_by, fee_percent, created_at, version, is_history
        """

    /// - Throws: ``StoredWordError``.
    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        clinicDay = LocalDate(daysSinceEpoch: row.int64(1))
        appointment = Appointment(
            appointmentID: row.text(2), patientID: row.text(3), doctorID: row.text(4), department: row.text(5),
            slotStart: row.timestamp(6), slotEnd: row.timestamp(7), status: try AppointmentStatus(storedWord: row.text(8)),
            rescheduleCount: Int32(truncatingIfNeeded: row.int64(9)), consultationFee: row.int64(10), cancelReason: row.textOrNil(11),
            cancelledBy: try row.textOrNil(12).map { try CancelInitiator(storedWord: $0) },
            feePercent: row.int64OrNil(13).map { Int32(truncatingIfNeeded: $0) }, createdAt: row.timestamp(14), version: row.int64(15),
            imported: row.bool(16))
    }
}

extension Row {
    func timestamp(_ column: Int) -> ProtobufTimestamp {
        ProtobufTimestamp(Instant(millisecondsSinceEpoch: int64(column)))
    }
}

extension Appointment {
    /// The columns that steps change, from `slot_start` to `version`.
    fileprivate func changingFields(on day: LocalDate) throws -> [SQLValue] {
        [
            SQLValue(slotStart?.instant?.millisecondsSinceEpoch), SQLValue(slotEnd?.instant?.millisecondsSinceEpoch),
            .integer(day.daysSinceEpoch), .text(try status.storedWord), SQLValue(rescheduleCount), SQLValue(cancelReason),
            SQLValue(try cancelledBy.map { try $0.storedWord }), SQLValue(feePercent), .integer(version),
        ]
    }

    /// The columns that never change, from `appointment_id` to `consultation_fee`.
    fileprivate var lastingFields: [SQLValue] {
        [
            .text(appointmentID), .text(patientID), .text(doctorID), .text(department), .text(FoldedText(department).text),
            .integer(consultationFee),
        ]
    }
}
