import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct ImportAllergyTests {
    @Test func `an allergy is added to the record, once`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let first = try await hospital.note("Penicillin", of: patient.patientID)
            #expect(!first.alreadyThere && first.patient?.allergies == ["Penicillin"] && first.patient?.version == 2)
            #expect(try await hospital.read(patient.patientID) == first.patient)
            for text in ["Penicillin", "PENICILLIN", "penicillín"] {
                let again = try await hospital.note(text, of: patient.patientID)
                #expect(again.alreadyThere && again.patient == first.patient)
            }
            #expect(try await hospital.note("Latex", of: patient.patientID).patient?.allergies == ["Penicillin", "Latex"])
            #expect(try await hospital.events() == ["patient.registered 1", "patient.changed 2", "patient.changed 3"])
        }
    }

    @Test func `a record holds a hundred of them`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let ninetyNine = PatientChanges(allergies: (1...99).map { "Substance \($0)" })
            _ = try await hospital.update(patient, ninetyNine)
            #expect(try await hospital.note("Latex", of: patient.patientID).patient?.allergies.count == 100)
            for validateOnly in [false, true] {
                let refusal = await refusal {
                    _ = try await hospital.note("Gluten", of: patient.patientID, validateOnly: validateOnly)
                }
                #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == ["allergy"])
            }
            #expect(try await hospital.note("latex", of: patient.patientID).alreadyThere)
        }
    }

    @Test func `of 64 that say the same at the same time one changes the record`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let administrator = try await hospital.administrator()
            let request = ImportAllergyRequest(patientID: patient.patientID, allergy: "Penicillin")
            #expect(await outcomes(of: 64) { _ in _ = try await administrator.importAllergy(request) } == ["OK": 64])
            #expect(try await hospital.read(patient.patientID).version == 2)
        }
    }

    @Test func `what only validates answers the record as it would be, and stores nothing`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let before = try await hospital.contents()
            let asked = try await hospital.note("Penicillin", of: patient.patientID, validateOnly: true)
            #expect(!asked.alreadyThere && asked.patient?.allergies == ["Penicillin"])
            #expect(try await hospital.contents() == before)
            #expect(try await hospital.note("Penicillin", of: patient.patientID) == asked)
            #expect(try await hospital.note("Penicillin", of: patient.patientID, validateOnly: true).alreadyThere)
        }
    }

    @Test func `a deleted patient's record takes nothing new`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            _ = try await hospital.note("Penicillin", of: patient.patientID)
            try await hospital.delete(patient)
            #expect(try await hospital.note("penicillin", of: patient.patientID).alreadyThere)
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") { _ = try await hospital.note("Latex", of: patient.patientID) }
        }
    }

    @Test(arguments: ["", "two\nlines", String(repeating: "x", count: 201)])
    func `an allergy is one line of 200 characters at most`(text: String) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.note(text, of: patient.patientID) }
            #expect(try await hospital.note(String(repeating: "x", count: 200), of: patient.patientID).patient?.version == 2)
        }
    }

    @Test(arguments: ["pat_01jq0000000000000000000000", "doc_01jq0000000000000000000000"])
    func `a patient who does not exist is not found`(id: String) async throws {
        try await withPatients { hospital in
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") { _ = try await hospital.note("Latex", of: id) }
        }
    }
}
