import Foundation
import Import
import PlainText
import ServiceKit
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ImportRunTests {
    private static let good = "name,dob\nAda,2000-01-01\nBob,2000-01-02\nCleo,2000-01-03\n"

    @Test func `every row is created once, and a second run finds all there`() async throws {
        let hospital = FakePublicAPI()
        let first = try await Trial(Self.good).run(in: hospital)
        #expect(first.counts == "3 read, 3 created, 0 updated, 0 already there, 0 refused")
        let second = try await Trial(Self.good).run(in: hospital)
        #expect(second.counts == "3 read, 0 created, 0 updated, 3 already there, 0 refused")
        #expect(hospital.records(.patients).count == 3)
        #expect(second.rejects == nil)
    }

    @Test func `bad rows are refused as they stand, with their reason, and good ones are created`() async throws {
        let hospital = FakePublicAPI()
        let text = "name, dob\nAda,2000-01-01\n,2000-01-02\n\"open,2000-01-03\nBob,2000-01-04\nx,y,z\n\nCleo,2000-01-05\nAda,2000-01-01\n"
        let imported = try await Trial(text).run(in: hospital)
        #expect(imported.counts == "7 read, 3 created, 0 updated, 1 already there, 3 refused")
        #expect(
            imported.rejects?.split(separator: "\n").sorted() == [
                "\"open,2000-01-03,4,\"a quote is opened and never closed\"",
                ",2000-01-02,3,\"INVALID_ARGUMENT: name: must not be empty\"",
                "name, dob,line,reason",
                "x,y,z,6,\"has 3 columns instead of 2\"",
            ])
    }

    @Test func `refused rows that were mended are imported, and the next refusals take another file`() async throws {
        let hospital = FakePublicAPI()
        let first = try await Trial("name,dob\n,2000-01-01\nBob,\"2000\n").run(in: hospital)
        let mended = try #require(first.rejects).replacing("\n,2000", with: "\nAda,2000")
        let second = try await Trial(mended).run(in: hospital)
        #expect(second.counts == "2 read, 1 created, 0 updated, 0 already there, 1 refused")
        #expect(second.rejects?.hasPrefix("name,dob,line,reason\nBob,\"2000,") == true)
        #expect(second.rejects?.hasSuffix(",\"text follows a closing quote\"\n") == true)
    }

    @Test func `several requests are in flight, never more than allowed`() async throws {
        let hospital = FakePublicAPI()
        hospital.gather(4)
        let text = "name,dob\n" + (0..<200).map { "P\($0),2000-01-01\n" }.joined()
        let imported = try await Trial(text, inFlightLimit: 4).run(in: hospital)
        #expect(imported.counts == "200 read, 200 created, 0 updated, 0 already there, 0 refused")
        #expect(hospital.mostUnderWay == 4)
    }

    @Test func `rows that may mean one person go one after another, in the order of the file`() async throws {
        let hospital = FakePublicAPI()
        let text = "id,name,dob,email\n" + (0..<100).map { "7,Ada\($0 % 2 == 0 ? "" : " "),2000-01-01,a\($0)@x.example\n" }.joined()
        let imported = try await Trial(text, options: ImportOptions(updates: true)).run(in: hospital)
        #expect(imported.counts == "100 read, 1 created, 99 updated, 0 already there, 0 refused")
        #expect(hospital.records(.patients).map { $0["email"] } == ["a99@x.example"])
        #expect(hospital.mostUnderWay == 1)
    }

    @Test(arguments: [500, 502, 503, 504, 429])
    func `a hospital that fails for a moment is asked again, and refuses nothing`(status: Int) async throws {
        let hospital = FakePublicAPI()
        hospital.misbehave { $0 <= 5 ? .answer(.init(status: status, body: ["code": "SOME"])) : nil }
        let imported = try await Trial(Self.good).run(in: hospital)
        #expect(imported.counts == "3 read, 3 created, 0 updated, 0 already there, 0 refused")
    }

    @Test func `a creation whose answer was lost is not made twice, and counts as created`() async throws {
        let hospital = FakePublicAPI()
        hospital.misbehave { $0 == 1 ? .lostAnswer : nil }
        let imported = try await Trial(Self.good).run(in: hospital)
        #expect(imported.counts == "3 read, 3 created, 0 updated, 0 already there, 0 refused")
        #expect(hospital.records(.patients).count == 3)
    }

    @Test func `a hospital that stays away stops the import with its counts, and the next one goes on`() async throws {
        let hospital = FakePublicAPI()
        hospital.misbehave { $0 > 1 ? .answer(.init(status: 500, body: ["code": "INTERNAL", "detail": "no"])) : nil }
        let stopped = await #expect(throws: ImportStopped.self) {
            try await Trial(Self.good, inFlightLimit: 1, patience: .milliseconds(20)).run(in: hospital)
        }
        #expect(stopped?.line == 3)
        #expect(stopped?.description == "stopped at line 3: INTERNAL: no; run the same command again to go on")
        #expect(stopped?.summary.counts.description == "1 read, 1 created, 0 updated, 0 already there, 0 refused")
        hospital.misbehave { _ in nil }
        let next = try await Trial(Self.good).run(in: hospital)
        #expect(next.counts == "3 read, 2 created, 0 updated, 1 already there, 0 refused")
    }

    @Test(arguments: [(401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED")])
    func `a caller who may not is told at once`(status: Int, code: String) async throws {
        let hospital = FakePublicAPI()
        hospital.misbehave { _ in .answer(.init(status: status, body: ["code": .string(code), "detail": "no"])) }
        let stopped = await #expect(throws: ImportStopped.self) { try await Trial(Self.good, inFlightLimit: 1).run(in: hospital) }
        #expect(stopped?.reason == "\(code): no")
        #expect(hospital.requests == 1)
    }

    @Test func `whoever interrupts an import is told how far it came`() async throws {
        let hospital = FakePublicAPI()
        let stop = StopRequest()
        hospital.misbehave { request in
            if request == 2 { stop.request() }
            return nil
        }
        let stopped = await #expect(throws: ImportStopped.self) {
            try await Trial(Self.good, inFlightLimit: 1, stop: stop).run(in: hospital)
        }
        #expect(stopped?.isInterruption == true)
        #expect(stopped?.line == 4)
        #expect(stopped?.summary.counts.created == 2)
        #expect(hospital.records(.patients).count == 2)
    }

    @Test func `an interruption ends the waiting for a hospital that is away`() async throws {
        let hospital = FakePublicAPI()
        let stop = StopRequest()
        hospital.misbehave { request in
            if request == 3 { stop.request() }
            return .answer(.init(status: 503, body: ["code": "UNAVAILABLE"]))
        }
        let stopped = await #expect(throws: ImportStopped.self) {
            try await Trial(Self.good, inFlightLimit: 1, stop: stop).run(in: hospital)
        }
        #expect(stopped?.line == 2)
        #expect(hospital.records(.patients).isEmpty)
    }

    @Test func `refused rows that can't be kept stop the import before they are lost`() async throws {
        let hospital = FakePublicAPI()
        let stopped = await #expect(throws: ImportStopped.self) {
            try await Trial(
                "name,dob\nAda,2000-01-01\n,2000-01-01\n", inFlightLimit: 1, spoil: { try FileManager.default.removeItem(atPath: $0) }
            ).run(in: hospital)
        }
        #expect(stopped?.line == 3)
        #expect(stopped?.summary.counts.description == "1 read, 1 created, 0 updated, 0 already there, 0 refused")
    }
}
