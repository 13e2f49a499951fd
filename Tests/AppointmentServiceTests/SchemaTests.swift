import Contracts
import HMSTestKit
import ServiceKit
import Storage
import Testing

/// Booking rules 8–10 and the limits of an appointment are kept by the schema, whatever the service forgets.
@Suite(.timeLimit(.minutes(10))) struct SchemaTests {
    @Test(
        arguments: [
            ("active_slot_of_patient", "UPDATE appointments SET patient_id = (SELECT patient_id FROM appointments ORDER BY seq LIMIT 1)"),
            ("active_slot_of_doctor", "UPDATE appointments SET doctor_id = (SELECT doctor_id FROM appointments ORDER BY seq LIMIT 1)"),
        ])
    func `two active appointments in one slot are refused`(index: String, sql: String) async throws {
        try await withAppointments { hospital in
            _ = try await hospital.book()
            _ = try await hospital.book()
            let error = await #expect(throws: StorageError.self) {
                try await hospital.service.resources.database.write { try $0.execute(sql) }
            }
            guard case .uniqueViolation(index, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    /// Of two checks that refuse a row PostgreSQL names the first by its name, SQLite the first of the table.
    @Test(arguments: [(9, "daily_cap"), (-1, TestHospital.isOnSQLite ? "daily_cap" : "counted")])
    func `a ninth appointment of a day is refused, and less than none`(count: Int, check: String) async throws {
        try await withAppointments { hospital in
            _ = try await hospital.book()
            await #expect(throws: StorageError.checkViolation(name: check)) {
                try await hospital.service.resources.database.write { try $0.execute("UPDATE doctor_days SET scheduled = \(count)") }
            }
        }
    }

    @Test(
        arguments: [
            "reschedule_count = 3", "slot_end = slot_start + 1800001", "status = 'UNKNOWN'", "fee_percent = 51", "fee_percent = 50",
            "slot_end = slot_start + 1799999", "status = 'CANCELLED'", "cancelled_by = 'PATIENT'", "consultation_fee = 0", "version = 0",
        ])
    func `what an appointment can't be is refused`(change: String) async throws {
        try await withAppointments { hospital in
            _ = try await hospital.book()
            await #expect(throws: StorageError.self) {
                try await hospital.service.resources.database.write { try $0.execute("UPDATE appointments SET \(change)") }
            }
        }
    }

    @Test(
        arguments: [
            "slot_end = slot_start", "slot_end = slot_start + 31622400001", "status = 'SCHEDULED'", "status = 'CHECKED_IN'",
            "reschedule_count = 1", "status = 'NO_SHOW', fee_percent = 100", "is_history = 0",
        ])
    func `what a visit of the past can't be is refused`(change: String) async throws {
        try await withAppointments { hospital in
            try await hospital.take(over: .completed, until: "2026-02-03T10:07:00+05:30")
            await #expect(throws: StorageError.self) {
                try await hospital.service.resources.database.write { try $0.execute("UPDATE appointments SET \(change)") }
            }
        }
    }
}
