import Foundation
import HospitalCommand
import Synchronization
import Testing

@Suite struct ImportRunTests {
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
        let text = "name,dob\n" + (0..<200).map { "P\($0),2000-01-01\n" }.joined()
        let imported = try await Self.importing(text, into: hospital, inFlightLimit: 4)
        #expect(imported.summary == "200 read, 200 created, 0 already there, 0 refused")
        #expect((2...4).contains(hospital.mostUnderWay))
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
        let stopped = await #expect(throws: ImportStopped.self) { try await Self.importing(Self.good, into: hospital, inFlightLimit: 1) }
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

    private struct Imported {
        let summary: String
        let rejects: String
    }

    private static func importing(
        _ text: String, kind: ImportKind = .patients, into hospital: FakeHospital, inFlightLimit: Int = 16
    ) async throws -> Imported {
        let path = NSTemporaryDirectory() + "/rejects-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let counts = try await hospital.whileServing { sender in
            var rest = Array(text.utf8)[...]
            var rows = try CSVReader {
                defer { rest = rest.dropFirst(16) }
                return Array(rest.prefix(16))
            }
            let header = try rows.readHeader()?.fields ?? []
            let map = try ColumnMap([], kind: kind, header: header)
            let rejects = try RejectsFile(path: path, header: header)
            var run = ImportRun(kind: kind, rows: rows, map: map, sender: sender, rejects: rejects, inFlightLimit: inFlightLimit)
            return try await run.run()
        }
        return Imported(summary: "\(counts)", rejects: try String(contentsOfFile: path, encoding: .utf8))
    }
}
