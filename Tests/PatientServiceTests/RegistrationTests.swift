import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct RegistrationTests {
    @Test func `a registered patient can be read`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", email: "Asha@Example.org", phone: "+91 98765-43210")
            #expect(patient.patientID.hasPrefix("pat_"))
            #expect(patient.status == .active)
            #expect(patient.version == 1)
            #expect(patient.createdAt?.seconds == hospital.clock.now.secondsSinceEpoch)
            #expect(try await hospital.read(patient.patientID) == patient)
        }
    }

    @Test func `every field is kept as it was given`() async throws {
        try await withPatients { hospital in
            let request = CreatePatientRequest(
                name: "Zoë  O'Brien-Smith", email: "z.o+x@example.org", phone: "(020) 7946-0958", dob: "1900-01-01",
                allergies: ["Penicillin", "Peanuts, raw"])
            let patient = try await hospital.patients.createPatient(request).patient
            #expect(patient?.name == request.name)
            #expect(patient?.email == request.email)
            #expect(patient?.phone == request.phone)
            #expect(patient?.dob == request.dob)
            #expect(patient?.allergies == request.allergies)
            #expect(try await hospital.read(patient?.patientID ?? "") == patient)
        }
    }

    @Test(
        arguments: [
            "Asha Rao", "ASHA RAO", "  asha   rao ", "Áshà Rao", "As\u{200B}ha Rao", "\u{FEFF}Asha Rao\u{2800}", "Asha\u{AD} \u{200E}Rao",
            "Asha-Rao",
            "Asha – Rao", "\u{3164}Asha\u{3000}Rao",
        ])
    func `the same name and date of birth are a possible duplicate`(name: String) async throws {
        try await withPatients { hospital in
            _ = try await hospital.register("Asha Rao", dob: "1980-02-29")
            await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") { _ = try await hospital.register(name, dob: "1980-02-29") }
            _ = try await hospital.register(name, dob: "1980-02-28")
            _ = try await hospital.register(name, dob: "1980-02-29", allowDuplicate: true)
        }
    }

    @Test func `a possible duplicate names the other, and only a name that is folded to the same is one`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Rita D’Souza", dob: "1980-02-29")
            for apostrophe in ["'", "ʼ", "`", "´", "＇"] {
                let refusal = await refusal { _ = try await hospital.register("Rita D\(apostrophe)Souza", dob: "1980-02-29") }
                #expect(refusal?.reason == "POSSIBLE_DUPLICATE")
                #expect("\(try #require(refusal))".contains(patient.patientID))
            }
            for other in ["Rita DSouza", "Rita D Souza", "Rita"] { _ = try await hospital.register(other, dob: "1980-02-29") }
        }
    }

    /// ZWJ and ZWNJ shape letters of Indian and Persian scripts.
    @Test(arguments: ["क्‍षितिज", "علی‌رضا", "Rita D’Souza", "Mary–Jane", "Pri\u{200B}ya", "Ann\u{200F}a"])
    func `a name is kept as it was typed`(name: String) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register(" \u{A0}\(name)\u{2003}\n", dob: "1980-02-29")
            #expect(patient.name.unicodeScalars.elementsEqual(name.unicodeScalars))
            #expect(try await hospital.read(patient.patientID) == patient)
            #expect(try await hospital.patients.listPatients(ListPatientsRequest(query: name)).patients == [patient])
        }
    }

    @Test(arguments: [
        "\u{200B}", "\u{2800}", " \u{3164} ", "\u{FEFF}\u{AD}", "Asha\u{202E}oaR", "Asha \u{2066}Rao\u{2069}", "Asha\u{7}", "Asha\u{0}Rao",
    ])
    func `a name of nothing to be seen, or with marks that turn text, is refused`(name: String) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            for refusal in [
                await refusal { _ = try await hospital.register(name, dob: "1981-02-28") },
                await refusal { _ = try await hospital.update(patient, PatientChanges(name: name)) },
                await refusal { _ = try await hospital.update(patient, PatientChanges(allergies: [name])) },
            ] {
                #expect(refusal?.reason == "INVALID_ARGUMENT")
                #expect(refusal?.violations.count == 1)
            }
        }
    }

    @Test func `an inactive patient counts as a possible duplicate`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            _ = try await hospital.patients.deletePatient(DeletePatientRequest(patientID: patient.patientID))
            await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") {
                _ = try await hospital.register("Asha Rao", dob: "1980-02-29")
            }
        }
    }

    @Test func `of 64 registrations of one person at the same time one is made`() async throws {
        try await withPatients { hospital in
            let reasons = await outcomes(of: 64) { _ in _ = try await hospital.register("Asha Rao", dob: "1980-02-29") }
            #expect(reasons == ["OK": 1, "POSSIBLE_DUPLICATE": 63])
            let registered = try await hospital.list()
            #expect(registered.map(\.name) == ["Asha Rao"])
        }
    }

    @Test(
        arguments: [
            ("2026-03-01T18:29:59.999Z", "2026-03-01", true), ("2026-03-01T18:29:59.999Z", "2026-03-02", false),
            ("2026-03-01T18:30:00Z", "2026-03-02", true), ("2026-03-01T18:30:00Z", "1899-12-31", false),
            ("2026-03-01T18:30:00Z", "1900-01-01", true),
        ])
    func `a child can be registered on the day of birth, by the clinic's calendar`(now: String, dob: String, isAllowed: Bool) async throws {
        try await withPatients { hospital in
            hospital.clock.now = try #require(Instant(rfc3339: now))
            let reason = await outcome { _ = try await hospital.register("Asha Rao", dob: dob) }
            #expect(reason == (isAllowed ? "OK" : "INVALID_ARGUMENT"))
        }
    }

    @Test func `a patient who does not exist is not found`() async throws {
        try await withPatients { hospital in
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") { _ = try await hospital.read("pat_01jq0000000000000000000000") }
        }
    }

    @Test func `no refusal repeats what is personal`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Quentin Zebrowski", dob: "1980-02-29", email: "q@zebra.example")
            let refusals = [
                await refusal { _ = try await hospital.register("Quentin Zebrowski", dob: "1980-02-29") },
                await refusal { _ = try await hospital.register("Quentin Zebrowski", dob: "2999-02-28") },
                await refusal { _ = try await hospital.update(patient, PatientChanges(dob: "2999-02-28")) },
                await refusal { _ = try await hospital.update(patient, PatientChanges(name: "Zebra\u{7}")) },
            ]
            for refusal in refusals {
                let text = "\(try #require(refusal))" + "\(refusal?.violations ?? [])"
                for word in ["Quentin", "Zebra", "zebra", "Zebrowski", "1980", "2999"] { #expect(!text.contains(word), "\(text)") }
            }
        }
    }
}
