import AppointmentService
import HMSTestKit
import ServiceKit
import Storage
import Testing

/// Databases of before.
@Suite(.enabled(if: TestHospital.isOnSQLite, "there are no databases of before on PostgreSQL")) struct MigrationTests {
    @Test func `steps of before know the event that tells of them, as far as the outbox goes back`() async throws {
        let hospital = try TestHospital()
        let path = "\(hospital.configuration.dataFolder)/appointment/appointment.sqlite"
        let migrations = ServiceDefinition.appointment.schema.sqlite
        let old = try await Database.open(
            .sqlite(path: path), schema: Schema(Array(migrations.prefix(1))), logger: hospital.log.logger())
        try await old.write { transaction in
            try transaction.addVisit(1, "COMPLETED", told: ["appointment.booked", "appointment.completed"])
            try transaction.addVisit(2, "NO_SHOW", told: ["appointment.no_show"])
            try transaction.addVisit(3, "COMPLETED", told: [])
            try transaction.addVisit(4, "SCHEDULED", told: ["appointment.booked"])
        }
        await old.close()
        let new = try await Database.open(.sqlite(path: path), schema: Schema(migrations), logger: hospital.log.logger())
        let sequences = try await new.read { reader in
            try reader.rows("SELECT event_sequence FROM appointment_steps WHERE step = 2 ORDER BY appointment_seq") { $0.int64OrNil(0) }
        }
        #expect(sequences == [2, 3, nil, nil])
        try await new.check()
        await new.close()
    }

    @Test func `history of before is kept with its steps, and takes no place under the cap any more`() async throws {
        let hospital = try TestHospital()
        let path = "\(hospital.configuration.dataFolder)/appointment/appointment.sqlite"
        let migrations = ServiceDefinition.appointment.schema.sqlite
        let old = try await Database.open(
            .sqlite(path: path), schema: Schema(Array(migrations.prefix(2))), logger: hospital.log.logger())
        try await old.write { transaction in
            try transaction.addVisit(1, "COMPLETED", told: [])
            for number in 2...8 { try transaction.addVisit(number, "COMPLETED", told: [], isHistory: true) }
            try transaction.execute(
                "INSERT INTO doctor_days (doctor_id, clinic_day, booked) VALUES ('doc_1', 20514, 8), ('doc_2', 20514, 0)")
        }
        await old.close()
        let new = try await Database.open(.sqlite(path: path), schema: Schema(migrations), logger: hospital.log.logger())
        let (visits, steps, counters) = try await new.read { reader in
            (
                try reader.rows("SELECT is_history FROM appointments ORDER BY seq") { $0.int(0) },
                try reader.rows("SELECT COUNT(*) FROM appointment_steps s JOIN appointments a ON a.seq = s.appointment_seq") { $0.int(0) },
                try reader.rows("SELECT completed, history_completed FROM doctor_days") { [$0.int(0), $0.int(1)] }
            )
        }
        #expect(visits == [0, 1, 1, 1, 1, 1, 1, 1] && steps == [16] && counters == [[1, 7]])
        await #expect(throws: StorageError.self) {
            try await new.write { try $0.execute("UPDATE appointment_steps SET appointment_seq = 9 WHERE appointment_seq = 8") }
        }
        try await new.check()
        await new.close()
    }
}

extension MigrationTests {
    @Test func `departments of before are compared as those of today`() async throws {
        let hospital = try TestHospital()
        let path = "\(hospital.configuration.dataFolder)/appointment/appointment.sqlite"
        let migrations = ServiceDefinition.appointment.schema.sqlite
        let old = try await Database.open(.sqlite(path: path), schema: Schema(Array(migrations.prefix(1))), logger: hospital.log.logger())
        try await old.write { transaction in
            for number in 1...3 { try transaction.addVisit(number, "SCHEDULED", told: []) }
            try transaction.execute("UPDATE appointments SET department_folded = 'out-patients' WHERE seq = 1")
            try transaction.execute("UPDATE appointments SET department_folded = 'x–ray' WHERE seq = 2")
            try transaction.execute("INSERT INTO doctor_department VALUES ('doc_1', 'Mother–Child', 'mother–child', 1, 1)")
        }
        await old.close()
        let service = try await hospital.open(.appointment)
        let folded = try await service.resources.database.read { reader in
            try reader.rows("SELECT department_folded FROM appointments ORDER BY seq") { $0.text(0) }
                + reader.rows("SELECT department_folded FROM doctor_department") { $0.text(0) }
        }
        #expect(folded == ["out patients", "x ray", "heart", "mother child"])
        await service.close()
    }
}

extension Transaction {
    /// A visit with its booking, a second step, and the events of it that the outbox still has.
    fileprivate func addVisit(_ number: Int, _ status: String, told: [String], isHistory: Bool = false) throws {
        let start = 1_772_422_200_000 + number * 1_800_000
        try execute(
            """
            INSERT INTO appointments (seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                clinic_day, status, reschedule_count, consultation_fee, fee_percent, is_history, created_at, version)
            VALUES (?, ?, 'pat_1', 'doc_1', 'Heart', 'heart', ?, ?, 20514, ?, 0, 50000, ?, ?, 0, 2)
            """,
            [
                SQLValue(number), .text("apt_\(number)"), SQLValue(start), SQLValue(start + 1_800_000), .text(status),
                status == "NO_SHOW" ? 100 : .null, SQLValue(isHistory),
            ])
        for (step, status) in ["SCHEDULED", status].enumerated() {
            try execute(
                """
                INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by)
                VALUES (?, ?, ?, ?, 0, 'reception:r')
                """, [SQLValue(number), SQLValue(step + 1), .text(status), SQLValue(start)])
        }
        for type in told {
            let event = OutboxEvent(
                id: "evt_\(number)_\(type)", type: type, aggregateID: "apt_\(number)", payload: [], correlationID: "c", createdAt: 0)
            try publish(event)
        }
    }
}
