import Foundation
import HospitalCommand
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ImportRunTests {
    private static let good = "name,dob\nAda,2000-01-01\nBob,2000-01-02\nCleo,2000-01-03\n"

    @Test func `every row is created once, and a second run finds all there`() async throws {
        let hospital = FakeHospital()
        let first = try await Self.importing(Self.good, into: hospital)
        #expect(first.summary == "3 read, 3 created, 0 already there, 0 refused")
        let second = try await Self.importing(Self.good, into: hospital)
        #expect(second.summary == "3 read, 0 created, 3 already there, 0 refused")
        #expect(hospital.people(.patients).count == 3)
    }

    @Test func `bad rows are refused with their reason and good ones are created`() async throws {
        let hospital = FakeHospital()
        let text = "name,dob\nAda,2000-01-01\n,2000-01-02\n\"open,2000-01-03\nBob,2000-01-04\nx,y,z\n\nCleo,2000-01-05\nAda,2000-01-01\n"
        let imported = try await Self.importing(text, into: hospital)
        #expect(imported.summary == "7 read, 3 created, 1 already there, 3 refused")
        #expect(
            imported.rejects.split(separator: "\n").sorted() == [
                "\"\"\"open\",2000-01-03,4,a quote is opened and never closed",
                ",2000-01-02,3,INVALID_ARGUMENT: name: must not be empty",
                "name,dob,line,reason",
                "x,\"y,z\",6,has 3 columns instead of 2",
            ])
    }

    @Test func `rows that an open quote swallowed are created all the same`() async throws {
        let hospital = FakeHospital()
        let imported = try await Self.importing(
            "name,dob\n\"Ada,2000-01-01\nBob,2000-01-02\nCleo\",2000-01-03\nDan,2000-01-04\n", into: hospital)
        #expect(Set(hospital.people(.patients).compactMap { $0["name"]?.text }) == ["Bob", "Dan"])
        #expect(imported.summary == "4 read, 2 created, 0 already there, 2 refused")
    }

    @Test func `several requests are in flight, never more than allowed`() async throws {
        let hospital = FakeHospital()
        hospital.gather(4)
        let text = "name,dob\n" + (0..<200).map { "P\($0),2000-01-01\n" }.joined()
        let imported = try await Self.importing(text, into: hospital, inFlightLimit: 4)
        #expect(imported.summary == "200 read, 200 created, 0 already there, 0 refused")
        #expect(hospital.mostUnderWay == 4)
    }

    @Test func `a hospital that is away for a moment is waited for`() async throws {
        let hospital = FakeHospital()
        hospital.misbehave { $0 <= 5 ? .answer(.init(status: 503, body: ["code": "UNAVAILABLE"])) : nil }
        let imported = try await Self.importing(Self.good, into: hospital)
        #expect(imported.summary == "3 read, 3 created, 0 already there, 0 refused")
    }

    @Test func `a creation whose answer was lost is not made twice, and counts as created`() async throws {
        let hospital = FakeHospital()
        hospital.misbehave { $0 == 1 ? .lostAnswer : nil }
        let imported = try await Self.importing(Self.good, into: hospital)
        #expect(imported.summary == "3 read, 3 created, 0 already there, 0 refused")
        #expect(hospital.people(.patients).count == 3)
    }

    @Test func `a hospital that stays away stops the import with its counts`() async throws {
        let hospital = FakeHospital()
        hospital.misbehave { $0 > 1 ? .answer(.init(status: 503, body: ["code": "UNAVAILABLE", "detail": "try later"])) : nil }
        let stopped = await #expect(throws: ImportStopped.self) {
            try await Self.importing(Self.good, into: hospital, inFlightLimit: 1, patience: .milliseconds(20))
        }
        #expect(stopped?.line == 3)
        #expect(stopped?.counts.created == 1)
    }

    @Test(arguments: [(401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED")])
    func `a caller who may not is told at once`(status: Int, code: String) async throws {
        let hospital = FakeHospital()
        hospital.misbehave { _ in .answer(.init(status: status, body: ["code": .string(code), "detail": "no"])) }
        let stopped = await #expect(throws: ImportStopped.self) { try await Self.importing(Self.good, into: hospital, inFlightLimit: 1) }
        #expect(stopped?.reason == "\(code): no")
        #expect(hospital.requests == 1)
    }

    @Test func `doctors are the same by name, department and specialization`() async throws {
        let hospital = FakeHospital()
        let text = """
            name,department,specialization,email
            Ada,Heart,Valves,
            Ada,Heart,Valves,ada@example.org
            Ada,Heart,Rhythm,
            ada,Heart,Valves,

            """
        let imported = try await Self.importing(text, kind: .doctors, into: hospital)
        #expect(imported.summary == "4 read, 2 created, 2 already there, 0 refused")
        let again = try await Self.importing(text, kind: .doctors, into: hospital)
        #expect(again.summary == "4 read, 0 created, 4 already there, 0 refused")
    }

    @Test func `an appointment finds its patient and its doctor by the ids of the source`() async throws {
        let hospital = FakeHospital()
        let folder = NSTemporaryDirectory() + "/import-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Self.importing("Id,name,dob\np-1,Ada,2000-01-01\np-2,Bob,2000-01-02\n", into: hospital, folder: folder)
        _ = try await Self.importing(
            "Id,name,department,specialization\nd-1,Meera,Heart,Rhythm\n", kind: .doctors, into: hospital, folder: folder)
        let visits = """
            Id,PATIENT,PROVIDER,START
            v-1,p-2,d-1,2023-01-27T10:00:00Z
            v-2,p-9,d-9,2023-01-27T11:00:00Z
            v-3,pat_1,d-1,2023-01-27T12:00:00Z

            """
        let map = ["patient_id=PATIENT", "doctor_id=PROVIDER", "slot_start=START"]
        let imported = try await Self.importing(
            visits, kind: .appointments, map: map, defaults: ["status=COMPLETED"], into: hospital, inFlightLimit: 1, folder: folder)
        #expect(imported.summary == "3 read, 2 created, 0 already there, 1 refused")
        #expect(imported.rejects.contains("none of the imported patients is “p-9”; doctor_id: none of the imported doctors is “d-9”"))
        #expect(
            hospital.people(.appointments).first == [
                "doctor_id": "doc_1", "patient_id": "pat_2", "slot_start": "2023-01-27T10:00:00Z", "status": "COMPLETED",
            ])
        let again = try await Self.importing(
            visits, kind: .appointments, map: map, defaults: ["status=COMPLETED"], into: hospital, inFlightLimit: 1, folder: folder)
        #expect(again.summary == "3 read, 0 created, 2 already there, 1 refused")

        let medications = "ENCOUNTER,DESCRIPTION\nv-3,Loratadine 5 MG\n"
        _ = try await Self.importing(
            medications, kind: .prescriptions, map: ["appointment_id=ENCOUNTER", "medication=DESCRIPTION"],
            defaults: ["dosage=as told", "days=30"], into: hospital, folder: folder)
        #expect(
            hospital.people(.prescriptions) == [
                ["appointment_id": "apt_2", "days": 30, "dosage": "as told", "medication": "Loratadine 5 MG"]
            ])
    }

    @Test func `ids are learnt of people who were there before, and of doctors`() async throws {
        let hospital = FakeHospital()
        let folder = NSTemporaryDirectory() + "/import-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Self.importing("name,dob\nAda,2000-01-01\nBob,2000-01-02\n", into: hospital, inFlightLimit: 1)
        hospital.forgetKeys()
        let again = try await Self.importing("id,name,dob\np-2,Bob,2000-01-02\n", into: hospital, folder: folder)
        #expect(again.summary == "1 read, 0 created, 1 already there, 0 refused")
        #expect(try String(contentsOfFile: folder + "/import/patients.csv", encoding: .utf8) == "source,id\np-2,pat_2\n")
    }

    private struct Imported {
        let summary: String
        let rejects: String
    }

    private static func importing(
        _ text: String, kind: ImportKind = .patients, map rules: [String] = [], defaults: [String] = [], into hospital: FakeHospital,
        inFlightLimit: Int = 16, folder: String? = nil, patience: Duration = .seconds(60)
    ) async throws -> Imported {
        let path = NSTemporaryDirectory() + "/rejects-\(UUID().uuidString).csv"
        let data = DataFolder(folder ?? NSTemporaryDirectory() + "/import-\(UUID().uuidString)")
        defer {
            try? FileManager.default.removeItem(atPath: path)
            if folder == nil { try? FileManager.default.removeItem(atPath: data.path) }
        }
        let counts = try await hospital.whileServing(patience: patience) { sender in
            var rest = Array(text.utf8)[...]
            var rows = try CSVReader {
                defer { rest = rest.dropFirst(16) }
                return Array(rest.prefix(16))
            }
            let header = try rows.readHeader()?.fields ?? []
            let map = try ColumnMap(rules, defaults: defaults, kind: kind, header: header)
            let rejects = try RejectsFile(path: path, header: header)
            let ids = try ImportedIDs(data)
            var run = ImportRun(
                kind: kind, rows: rows, map: map, sender: sender, rejects: rejects, ids: ids, inFlightLimit: inFlightLimit)
            let counts = try await run.run()
            try ids.close()
            return counts
        }
        return Imported(summary: "\(counts)", rejects: try String(contentsOfFile: path, encoding: .utf8))
    }
}
