import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct ChangeTests {
    @Test func `the fields that the mask names change, and no others`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", email: "a@example.org", phone: "555 0100")
            let changes = PatientChanges(name: "Asha Menon", phone: "555 0199", dob: "1981-01-01")
            let changed = try await hospital.update(patient, changes, mask: ["name", "email"])
            #expect(changed.name == "Asha Menon")
            #expect(changed.email == nil)
            #expect(changed.phone == "555 0100")
            #expect(changed.dob == "1980-02-29")
            #expect(changed.version == 2)
            #expect(try await hospital.read(patient.patientID) == changed)
        }
    }

    @Test func `without a mask the fields that are set change`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", email: "a@example.org")
            let changed = try await hospital.update(patient, PatientChanges(dob: "1981-01-01", allergies: ["Latex"]))
            #expect(changed.dob == "1981-01-01")
            #expect(changed.allergies == ["Latex"])
            #expect(changed.name == "Asha Rao")
            #expect(changed.email == "a@example.org")
        }
    }

    @Test func `allergies and contacts can be cleared`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", email: "a@example.org", phone: "555 0100")
            _ = try await hospital.update(patient, PatientChanges(allergies: ["Latex"]))
            let cleared = try await hospital.update(patient, PatientChanges(), mask: ["email", "phone", "allergies"])
            #expect(cleared.email == nil && cleared.phone == nil && cleared.allergies.isEmpty)
            #expect(cleared.version == 3)
        }
    }

    @Test(arguments: [
        (["name"], "patient.name"), (["dob"], "patient.dob"), (["status"], "update_mask[0]"),
        (["email", "patient_id"], "update_mask[1]"),
        ([""], "update_mask[0]"),
    ])
    func `a required field can't be cleared, and an unknown one can't be named`(mask: [String], field: String) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let refusal = await refusal { _ = try await hospital.update(patient, PatientChanges(), mask: mask) }
            #expect(refusal?.reason == "INVALID_ARGUMENT")
            #expect(refusal?.violations.map(\.field) == [field])
            #expect(try await hospital.read(patient.patientID) == patient)
        }
    }

    @Test func `what changes nothing keeps the version and is no event`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            #expect(try await hospital.update(patient, PatientChanges(name: "Asha Rao")) == patient)
            #expect(try await hospital.update(patient, PatientChanges()) == patient)
            #expect(try await hospital.events() == ["patient.registered 1"])
        }
    }

    @Test(
        arguments: [
            (PatientChanges(name: "Bela Rao"), true), (PatientChanges(name: "BÉLA-rao"), true), (PatientChanges(name: "Bela"), false),
            (PatientChanges(dob: "1981-01-01"), true), (PatientChanges(dob: "1981-01-02"), false),
            (PatientChanges(name: "ASHA RAO"), false), (PatientChanges(name: "Asha Ráo", email: "a@example.org"), false),
            (PatientChanges(email: "a@example.org"), false), (PatientChanges(name: "Asha Rao", dob: "1980-02-29"), false),
            (PatientChanges(name: "Bela Rao", dob: "1982-01-01"), false),
        ])
    func `a change onto the name and date of birth of another asks as a registration does`(
        changes: PatientChanges, isDuplicate: Bool
    ) async throws {
        try await withPatients { hospital in
            let asha = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let others = [
                try await hospital.register("Bela Rao", dob: "1980-02-29"), try await hospital.register("Asha Rao", dob: "1981-01-01"),
            ]
            let refusal = await refusal { _ = try await hospital.update(asha, changes) }
            #expect(refusal?.reason == (isDuplicate ? "POSSIBLE_DUPLICATE" : nil))
            guard let refusal else { return }
            #expect(others.contains { "\(refusal)".contains($0.patientID) })
            #expect(try await hospital.read(asha.patientID) == asha)
            var allowed = changes
            allowed.allowDuplicate = true
            #expect(try await hospital.update(asha, allowed).version == 2)
        }
    }

    @Test func `a patient who is a duplicate on purpose can be changed, and only a new name is asked about`() async throws {
        try await withPatients { hospital in
            _ = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let twin = try await hospital.register("Asha Rao", dob: "1980-02-29", allowDuplicate: true)
            let written = try await hospital.update(twin, PatientChanges(name: "Asha RAO", phone: "98450 12345"))
            let renamed = try await hospital.update(written, PatientChanges(name: "Usha Rao"))
            await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") {
                _ = try await hospital.update(renamed, PatientChanges(name: "Asha Rao"))
            }
        }
    }

    @Test func `an inactive namesake counts for a change too`() async throws {
        try await withPatients { hospital in
            try await hospital.delete(try await hospital.register("Asha Rao", dob: "1980-02-29"))
            let other = try await hospital.register("Usha Rao", dob: "1980-02-29")
            await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") {
                _ = try await hospital.update(other, PatientChanges(name: "Asha Rao"))
            }
        }
    }

    @Test func `of 16 changes onto one name one wins`() async throws {
        try await withPatients { hospital in
            var patients: [Patient] = []
            for number in 0..<16 { patients.append(try await hospital.register("Patient \(number)", dob: "1980-02-29")) }
            let reasons = await outcomes(of: 16) { [patients] index in
                _ = try await hospital.update(patients[index], PatientChanges(name: "Asha Rao"))
            }
            #expect(reasons == ["OK": 1, "POSSIBLE_DUPLICATE": 15])
        }
    }

    @Test func `the permission of a duplicate is no change, and names no field of the patient`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            #expect(try await hospital.update(patient, PatientChanges(allowDuplicate: true), mask: ["allow_duplicate"]) == patient)
        }
    }

    @Test func `a change based on an older version is refused`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            _ = try await hospital.update(patient, PatientChanges(name: "Asha Menon"), expecting: 1)
            await expectRefusal(.aborted, "VERSION_MISMATCH") {
                _ = try await hospital.update(patient, PatientChanges(name: "Asha Nair"), expecting: 1)
            }
            #expect(try await hospital.update(patient, PatientChanges(name: "Asha Nair"), expecting: 2).version == 3)
        }
    }

    @Test func `of 32 changes based on one version one wins`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let reasons = await outcomes(of: 32) { index in
                _ = try await hospital.update(patient, PatientChanges(name: "Asha Number \(index)"), expecting: 1)
            }
            #expect(reasons == ["OK": 1, "VERSION_MISMATCH": 31])
            #expect(try await hospital.read(patient.patientID).version == 2)
        }
    }

    @Test func `changes that do not name a version all happen, one after the other`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let reasons = await outcomes(of: 32) { index in
                _ = try await hospital.update(patient, PatientChanges(name: "Asha Number \(index)"))
            }
            #expect(reasons == ["OK": 32])
            #expect(try await hospital.read(patient.patientID).version == 33)
        }
    }

    @Test func `an inactive patient's record does not change`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            _ = try await hospital.patients.deletePatient(DeletePatientRequest(patientID: patient.patientID))
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") {
                _ = try await hospital.update(patient, PatientChanges(name: "Asha Menon"))
            }
        }
    }
}
