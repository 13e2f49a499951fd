import Foundation
import PlainText
import Testing

@testable import Import

/// Whom the rows of a file mean, and what is asked for beside the file.
@Suite(.timeLimit(.minutes(10))) struct ImportSourcesTests {
    private static let visits = """
        Id,PATIENT,PROVIDER,START
        v-1,p-2,d-1,2023-01-27T10:00:00Z
        v-2,p-9,d-9,2023-01-27T11:00:00Z
        v-3,PAT,d-1,2023-01-27T12:00:00Z

        """.replacing("PAT,", with: FakePublicAPI.id(.patients, 0) + ",")
    private static let map = ["patient_id=PATIENT", "doctor_id=PROVIDER", "slot_start=START"]

    @Test func `a visit finds its patient and its doctor by the ids of the source, or ours`() async throws {
        let hospital = FakePublicAPI()
        try await Self.bringPeople(into: hospital)
        let trial = Trial(
            Self.visits, kind: .appointments, map: Self.map, defaults: ["status=COMPLETED"], options: ImportOptions(pastScheduled: .noShow),
            inFlightLimit: 1)
        let imported = try await trial.run(in: hospital)
        #expect(imported.counts == "3 read, 2 created, 0 updated, 0 already there, 1 refused")
        #expect(
            imported.rejects?.contains(
                "patient_id: no patient of the source default has the id “p-9”; "
                    + "doctor_id: no doctor of the source default has the id “d-9”") == true)
        #expect(
            hospital.records(.appointments).first == [
                "doctor_id": .string(FakePublicAPI.id(.doctors, 0)), "past_scheduled": "NO_SHOW",
                "patient_id": .string(FakePublicAPI.id(.patients, 1)), "slot_start": "2023-01-27T10:00:00Z", "source": "default",
                "source_id": "v-1", "status": "COMPLETED",
            ])
        #expect(try await trial.run(in: hospital).counts == "3 read, 0 created, 0 updated, 2 already there, 1 refused")
    }

    @Test func `prescriptions, allergies, bills and payments find what they belong to`() async throws {
        let hospital = FakePublicAPI()
        try await Self.bringPeople(into: hospital)
        _ = try await Trial(Self.visits, kind: .appointments, map: Self.map, inFlightLimit: 1).run(in: hospital)
        let files: [(ImportKind, String)] = [
            (.prescriptions, "appointment_id,medication,dosage,days\nv-3,Loratadine 5 MG,as told,30\n"),
            (.allergies, "patient_id,allergy\np-2,Latex\n"),
            (.bills, "id,patient_id,appointment_id,subtotal,status,billed_at\nb-1,p-2,v-3,500,OPEN,2023-01-27T12:00:00Z\n"),
            (.payments, "id,bill_id,amount,method,paid_at\nm-1,b-1,500,CASH,2023-01-27T12:00:00Z\n"),
        ]
        for (kind, text) in files {
            let imported = try await Trial(text, kind: kind).run(in: hospital)
            #expect(imported.counts == "1 read, 1 created, 0 updated, 0 already there, 0 refused", "\(kind) \(imported.summary)")
        }
        #expect(hospital.records(.prescriptions).first?["appointment_id"]?.text == FakePublicAPI.id(.appointments, 1))
        #expect(hospital.records(.allergies) == [["allergy": "Latex", "patient_id": .string(FakePublicAPI.id(.patients, 1))]])
        #expect(hospital.records(.payments).first?["bill_id"]?.text == FakePublicAPI.id(.bills, 0))
    }

    @Test func `an id of one source means nothing in another`() async throws {
        let hospital = FakePublicAPI()
        try await Self.bringPeople(into: hospital)
        let elsewhere = ImportOptions(source: "elsewhere")
        let imported = try await Trial("patient_id,allergy\np-1,Latex\n", kind: .allergies, options: elsewhere).run(in: hospital)
        #expect(imported.counts == "1 read, 0 created, 0 updated, 0 already there, 1 refused")
        #expect(imported.summary.contains("1 × patient_id: no patient of the source elsewhere has the id “…” (as in line 2)"))
        let other = try await Trial("id,name,dob\np-1,Eve,1999-09-09\n", options: elsewhere).run(in: hospital)
        #expect(other.counts == "1 read, 1 created, 0 updated, 0 already there, 0 refused")
    }

    @Test func `an id that means somebody else already is refused, with the way out`() async throws {
        let hospital = FakePublicAPI()
        try await Self.bringPeople(into: hospital)
        let imported = try await Trial("id,name,dob\np-1,Eve,1999-09-09\n").run(in: hospital)
        #expect(imported.counts == "1 read, 0 created, 0 updated, 0 already there, 1 refused")
        #expect(
            imported.summary.contains(
                "  1 × SOURCE_ID_TAKEN: it means pat_…; if the file comes from another system, name that with --source (as in line 2)"))
        #expect(imported.rejects?.contains("it means \(FakePublicAPI.id(.patients, 0));") == true)
    }

    @Test func `a dry run stores nothing and says what would be`() async throws {
        let hospital = FakePublicAPI()
        let text = "id,name,dob\n1,Ada,2000-01-01\n2,,2000-01-01\n"
        let imported = try await Trial(text, options: ImportOptions(isDryRun: true)).run(in: hospital)
        #expect(imported.counts == "2 read, 1 would be created, 0 would be updated, 0 already there, 1 would be refused")
        #expect(hospital.records(.patients).isEmpty)
    }

    @Test func `people who may be one are listed`() async throws {
        let hospital = FakePublicAPI()
        let text = "id,name,dob\n" + (1...25).map { "\($0),Ada,2000-01-01\n" }.joined()
        let imported = try await Trial(text).run(in: hospital)
        let lines = imported.summary.split(separator: "\n")
        #expect(lines.first == "possible duplicates, to be looked at by a person: 24")
        #expect(lines.dropFirst().first == "  line 3: \(FakePublicAPI.id(.patients, 1)) may be \(FakePublicAPI.id(.patients, 0))")
        #expect(lines.dropFirst(21).first == "  and 4 more")
    }

    @Test(arguments: [
        (ImportKind.patients, ["validate_only", "update", "allow_duplicate"]),
        (.doctors, ["validate_only", "update", "allow_duplicate"]),
        (.allergies, ["validate_only"]),
        (.appointments, ["validate_only", "update", "past_scheduled"]),
        (.prescriptions, ["validate_only"]),
        (.bills, ["validate_only"]),
        (.payments, ["validate_only"]),
    ])
    func `a request says of the options what its kind knows`(kind: ImportKind, names: [String]) {
        let all = ImportOptions(isDryRun: true, updates: true, allowsDuplicates: true, pastScheduled: .completed)
        #expect(all.members(for: kind).map(\.name) == names)
        #expect(ImportOptions().members(for: kind).isEmpty)
    }

    @Test(arguments: [
        ("a", true), ("Old-Clinic_2.1", true), ("", false), ("a b", false), ("é", false), (String(repeating: "x", count: 64), true),
        (String(repeating: "x", count: 65), false),
    ])
    func `a source has a short plain name`(text: String, isSource: Bool) {
        #expect(ImportOptions.isSource(text) == isSource)
    }

    @Test func `of many names those used last are kept`() {
        var names = RecentlyUsed<Int, Int>(limit: 10)
        for number in 0..<100 {
            names[number] = number
            #expect(names[0] == 0)
            #expect(names.count <= 10)
        }
        #expect(names[99] == 99 && names[98] == 98 && names[50] == nil)
    }

    private static func bringPeople(into hospital: FakePublicAPI) async throws {
        _ = try await Trial("Id,name,dob\np-1,Ada,2000-01-01\np-2,Bob,2000-01-02\n", inFlightLimit: 1).run(in: hospital)
        _ = try await Trial("Id,name,department,specialization\nd-1,Meera,Heart,Rhythm\n", kind: .doctors).run(in: hospital)
    }
}
