import Contracts
import FieldChecks
import HMSTestKit
import PatientService
import RPC
import Testing

/// What an import changes of people who are here, and what it only asks.
@Suite(.timeLimit(.minutes(10))) struct ImportUpdateTests {
    @Test func `an update changes what the row says and differs, once`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha { ($0.phone, $0.allergies) = ("555 0100", ["Penicillin"]) })
            let row = asha { ($0.name, $0.email, $0.allergies, $0.update) = ("ASHA RAO", "a.rao@example.org", ["Latex"], true) }
            let changed = try await hospital.take(row)
            #expect(changed.alreadyThere && changed.updated)
            let patient = try #require(changed.patient)
            #expect(patient.patientID == id && patient.version == 2)
            #expect(patient.name == "ASHA RAO" && patient.email == "a.rao@example.org" && patient.phone == "555 0100")
            #expect(patient.allergies == ["Penicillin", "Latex"])
            #expect(try await hospital.read(id) == patient)
            let again = try await hospital.take(row)
            #expect(again.alreadyThere && !again.updated && again.patient == patient)
            #expect(try await hospital.events() == ["patient.registered 1", "patient.changed 2"])
        }
    }

    @Test func `without an update nothing changes`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha())
            let answer = try await hospital.take(asha { ($0.email, $0.allergies) = ("new@example.org", ["Latex"]) })
            #expect(answer.alreadyThere && !answer.updated)
            #expect(try await hospital.read(id).version == 1)
        }
    }

    @Test func `an update corrects the name or the day of birth of one who can be reached as before`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha())
            let renamed = asha { $0.name = "Asha Menon" }
            await expectRefusal(.failedPrecondition, "SOURCE_ID_TAKEN") { _ = try await hospital.take(renamed) }
            var correction = renamed
            correction.update = true
            let corrected = try await hospital.take(correction)
            #expect(corrected.updated && corrected.patient?.patientID == id && corrected.patient?.name == "Asha Menon")
            // The corrected file comes again, with and without.
            for row in [renamed, correction] {
                let again = try await hospital.take(row)
                #expect(again.alreadyThere && !again.updated)
            }
            let reborn = asha { ($0.name, $0.dob, $0.update) = ("Asha Menon", "1980-02-28", true) }
            #expect(try await hospital.take(reborn).patient?.dob == "1980-02-28")
            let somebody = asha { ($0.name, $0.dob, $0.update) = ("Asha Rao", "1980-02-27", true) }
            await expectRefusal(.failedPrecondition, "SOURCE_ID_TAKEN") { _ = try await hospital.take(somebody) }
            #expect(try await hospital.events().count == 3)
        }
    }

    @Test func `somebody renamed here is still the one whom the source remembers`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha())
            let renamed = try await hospital.update(try await hospital.read(id), PatientChanges(name: "Asha Menon"))
            #expect(try await hospital.take(asha()).patient == renamed)
            #expect(try await hospital.take(asha { $0.name = "asha menon" }).patient == renamed)
        }
    }

    @Test func `a correction that makes a namesake asks as a new patient does`() async throws {
        try await withPatients { hospital in
            let other = try await hospital.register("Asha Menon", dob: "1980-02-29")
            _ = try await hospital.take(asha())
            var correction = asha { ($0.name, $0.update) = ("Asha Menon", true) }
            let refusal = await refusal { _ = try await hospital.take(correction) }
            #expect(refusal?.reason == "POSSIBLE_DUPLICATE" && refusal?.message.contains(other.patientID) == true)
            correction.allowDuplicate = true
            let corrected = try await hospital.take(correction)
            #expect(corrected.updated && corrected.possibleDuplicates == [other.patientID])
        }
    }

    @Test func `a deleted patient is still the one whom his id means, and does not change`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha())
            try await hospital.delete(try await hospital.read(id))
            let answer = try await hospital.take(asha())
            #expect(answer.alreadyThere && answer.patient?.patientID == id && answer.patient?.status == .inactive)
            #expect(try await hospital.take(asha { $0.update = true }).updated == false)
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") {
                _ = try await hospital.take(asha { ($0.email, $0.update) = ("new@example.org", true) })
            }
            await expectRefusal(.failedPrecondition, "SOURCE_ID_TAKEN") { _ = try await hospital.take(asha { $0.name = "Bela" }) }
            // By his address too: another source's id is attached to him, and nobody new is made.
            #expect(try await hospital.take(asha("1", source: "laboratory")).patient?.patientID == id)
            #expect(try await hospital.known("laboratory", "1") == [id])
        }
    }

    @Test func `what only validates answers as what stores, and stores nothing`() async throws {
        try await withPatients { hospital in
            _ = try await hospital.take(asha())
            _ = try await hospital.register("Bela Menon", dob: "1975-05-05", email: "bela@example.org")
            let rows = [
                asha("8") { $0.email = "other@example.org" },
                asha(),
                asha { ($0.phone, $0.update) = ("555 0100", true) },
                asha("9") { ($0.name, $0.dob, $0.email) = ("Bela Menon", "1975-05-05", "bela@example.org") },
            ]
            for row in rows {
                let question = asking(row)
                let before = try await hospital.contents()
                let (asked, again) = (try await hospital.take(question), try await hospital.take(question))
                #expect(asked == again)
                #expect(try await hospital.contents() == before)
                var stored = try await hospital.take(row)
                if !stored.alreadyThere {
                    #expect(asked.patient?.patientID == "" && asked.patient?.createdAt == nil && asked.patient?.version == 0)
                    stored.patient?.patientID = ""
                    stored.patient?.createdAt = nil
                    stored.patient?.version = 0
                }
                #expect(asked == stored)
            }
            for refused in [asha { $0.name = "Cem" }, asha("10")] {
                let question = asking(refused)
                let asked = await outcome { _ = try await hospital.take(question) }
                let answered = await outcome { _ = try await hospital.take(refused) }
                #expect(asked == answered && asked != "OK")
            }
        }
    }

    @Test func `one more allergy than a record holds is refused`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha { $0.allergies = (1...99).map { "Substance \($0)" } })
            let two = asha { ($0.allergies, $0.update) = (["Latex", "Gluten"], true) }
            let refusal = await refusal { _ = try await hospital.take(two) }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == ["allergies"])
            #expect(try await hospital.take(asha { ($0.allergies, $0.update) = (["Latex", "Substance 1"], true) }).updated)
            #expect(try await hospital.read(id).allergies.count == 100)
        }
    }

    /// The same row, only to be checked.
    private func asking(_ row: ImportPatientRequest) -> ImportPatientRequest {
        var question = row
        question.validateOnly = true
        return question
    }
}
