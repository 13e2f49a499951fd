import Contracts
import FieldChecks
import HMSTestKit
import PrescriptionService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// POST /v1/imports/prescriptions: when two rows are one prescription, what is a fact, and what is only checked.
@Suite(.timeLimit(.minutes(10))) struct ImportIdentityTests {
    @Test func `under its source id it is known again, whatever is told of how it is taken`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            let first = try await hospital.importing(hospital.history(), as: "1")
            let again = try await hospital.importing(hospital.history(), as: "1") {
                $0.dosage = "Two a day"
                $0.days = 30
            }
            #expect(again == ImportPrescriptionResponse(prescription: first.prescription, alreadyThere: true))
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `the same of another source id is another, and of none is one that is there`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            for sourceID in ["1", "2", "1", "2"] { _ = try await hospital.importing(hospital.history(), as: sourceID) }
            let unnamed = try await hospital.importing(hospital.history())
            let elsewhere = try await hospital.importing(hospital.history(), as: "1", of: "other-desk")
            #expect(unnamed.alreadyThere && !elsewhere.alreadyThere)
            #expect(try await hospital.all().count == 3)
        }
    }

    @Test func `one that came without an id is known by the first that it comes with`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            let first = try await hospital.importing(hospital.history())
            let named = try await hospital.importing(hospital.history(), as: "1")
            #expect(named.alreadyThere && named.prescription == first.prescription)
            let other = try await hospital.importing(hospital.history(), as: "2")
            #expect(!other.alreadyThere)
        }
    }

    @Test func `a source id means one prescription for ever`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            let first = try #require(try await hospital.importing(hospital.history(), as: "1").prescription)
            let refusal = await refusal { _ = try await hospital.importing(hospital.history("Ibuprofen"), as: "1") }
            #expect(refusal?.reason == "SOURCE_ID_TAKEN" && refusal?.violations.map(\.field) == ["source_id"])
            #expect(refusal?.message.contains(first.prescriptionID) == true)
        }
    }

    @Test(arguments: [("old-desk", nil, "source_id"), (nil, "1", "source")] as [(String?, String?, String)])
    func `a source and its id are said together`(source: String?, sourceID: String?, missing: String) async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            var request = hospital.history()
            (request.source, request.sourceID) = (source, sourceID)
            let refusal = await refusal { _ = try await hospital.importing(request) }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == [missing])
        }
    }

    @Test func `issued at another time it is another, and the time is kept to the millisecond`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            let start = PrescriptionServiceUnderTest.slotStart
            for (offset, nanos, isThere) in [(0, Int32(0), false), (1, 0, false), (1, 999_999, true)] {
                var request = hospital.history()
                request.issuedAt = ProtobufTimestamp(start + .milliseconds(offset))
                request.issuedAt?.nanos += nanos
                let answer = try await hospital.importing(request)
                #expect(answer.prescription?.issuedAt == ProtobufTimestamp(start + .milliseconds(offset)))
                #expect(answer.alreadyThere == isThere)
            }
        }
    }

    @Test func `what is only to be checked is answered, and not stored`() async throws {
        try await withPrescriptions(.completed, imported: true) { hospital in
            let checked = try await hospital.importing(hospital.history(), as: "1") { $0.validateOnly = true }
            #expect(checked.prescription?.prescriptionID == "" && !checked.alreadyThere)
            #expect(try await hospital.all().isEmpty)
            let made = try await hospital.importing(hospital.history(), as: "1")
            let again = try await hospital.importing(hospital.history(), as: "1") { $0.validateOnly = true }
            #expect(!made.alreadyThere && again == ImportPrescriptionResponse(prescription: made.prescription, alreadyThere: true))
            await expectRefusal(.failedPrecondition, "SOURCE_ID_TAKEN") {
                _ = try await hospital.importing(hospital.history("Ibuprofen"), as: "1") { $0.validateOnly = true }
            }
        }
    }

    @Test(arguments: [(AppointmentStatus.completed, "OK"), (.noShow, "APPOINTMENT_NOT_ELIGIBLE"), (.cancelled, "APPOINTMENT_NOT_ELIGIBLE")])
    func `only who was seen was prescribed something`(status: AppointmentStatus, reason: String) async throws {
        try await withPrescriptions(status, imported: true) { hospital in
            #expect(await outcome { _ = try await hospital.importing(hospital.history()) } == reason)
        }
    }

    @Test(
        arguments: [(true, nil, "OK"), (true, "He insisted", "OK"), (false, nil, "ALLERGY_CONFLICT"), (false, "He insisted", "OK")]
            as [(Bool, String?, String)])
    func `what was prescribed against an allergy was, and says so`(imported: Bool, reason: String?, expected: String) async throws {
        try await withPrescriptions(.completed, allergies: ["Penicillin"], imported: imported) { hospital in
            var request = hospital.history("Penicillin V")
            request.overrideReason = reason
            let answer = await outcome {
                let prescription = try await hospital.importing(request).prescription
                #expect(prescription?.overrideReason == (reason ?? "Prescribed elsewhere, before it was imported"))
            }
            #expect(answer == expected)
            let harmless = try await hospital.importing(hospital.history("Ibuprofen 400 mg"))
            #expect(harmless.prescription?.overrideReason == nil)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "there are no databases of before on PostgreSQL"))
    func `what earlier imports have brought is marked`() async throws {
        let hospital = try TestHospital()
        let path = "\(hospital.configuration.dataFolder)/prescription/prescription.sqlite"
        let migrations = ServiceDefinition.prescription.schema.sqlite
        let old = try await Database.open(
            .sqlite(path: path), schema: Schema(Array(migrations.prefix(1))), logger: hospital.log.logger())
        try await old.write { transaction in
            for (number, issuedAt) in [(1, 1_000), (2, 999)] {
                try transaction.execute(
                    """
                    INSERT INTO prescriptions (prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days, status,
                        issued_at, created_at, version)
                    VALUES ('rx_\(number)', 'apt_1', 'pat_1', 'doc_1', 'Loratadine', 'One', 5, 'ACTIVE', \(issuedAt), 1000, 1)
                    """)
            }
        }
        await old.close()
        let new = try await Database.open(.sqlite(path: path), schema: Schema(migrations), logger: hospital.log.logger())
        let marks = try await new.read { try $0.rows("SELECT imported FROM prescriptions ORDER BY seq") { $0.bool(0) } }
        #expect(marks == [false, true])
        await new.close()
    }
}
