import Storage
import Vocabulary

/// Appointments that were booked before a measurement begins: written straight into the tables, as bookings would have left
/// them, a few thousand in a transaction.
struct FilledTable {
    let database: Database

    private static let rowsOfTransaction = 5_000

    /// Adds all of them, each with its step and its place in the doctor's day.
    func add(_ bookings: [FilledBooking]) async throws {
        for start in stride(from: 0, to: bookings.count, by: Self.rowsOfTransaction) {
            let part = Array(bookings[start..<min(start + Self.rowsOfTransaction, bookings.count)])
            try await database.write { transaction in
                for booking in part { try transaction.add(booking) }
            }
        }
    }
}

/// Who is booked with whom, and when.
struct FilledBooking: Sendable {
    let number: Int
    let patientID: String
    let doctorID: String
    let start: Instant
    let day: LocalDate
}

extension Transaction {
    fileprivate func add(_ booking: FilledBooking) throws {
        let start = booking.start.millisecondsSinceEpoch
        let digits = String(booking.number)
        let id = "apt_0000000000" + String(repeating: "0", count: max(0, 16 - digits.count)) + digits
        let sequence = try row(
            """
            INSERT INTO appointments (appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                clinic_day, status, reschedule_count, consultation_fee, is_history, created_at, version)
            VALUES (?, ?, ?, 'Cardiology', 'cardiology', ?, ?, ?, 'SCHEDULED', 0, 50000, 0, ?, 1) RETURNING seq
            """,
            [
                .text(id), .text(booking.patientID), .text(booking.doctorID), .integer(start), .integer(start + 1_800_000),
                .integer(booking.day.daysSinceEpoch), .integer(start - 86_400_000),
            ]
        ) { $0.int64(0) }
        try execute(
            """
            INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by)
            VALUES (?, 1, 'SCHEDULED', ?, ?, 'admin:bench')
            """, [SQLValue(sequence), .integer(start), .integer(start - 86_400_000)])
        try execute(
            """
            INSERT INTO doctor_days (doctor_id, clinic_day, scheduled) VALUES (?, ?, 1)
            ON CONFLICT (clinic_day, doctor_id) DO UPDATE SET scheduled = doctor_days.scheduled + 1
            """, [.text(booking.doctorID), .integer(booking.day.daysSinceEpoch)])
    }
}
