import Contracts
import Foundation
import HMSTestKit
import Logging
import RPC
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct AccessLogTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func calls() throws -> [[String: Any]] {
        try hospital.log.lines.compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            .filter { $0["message"] as? String == "call" }
    }

    @Test func `an answered call has one line with all that operators ask for`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        var options = try await hospital.options(.reception, subject: "anna")
        options.metadata[MetadataName.correlationID] = "corr-1"
        _ = await notebook.channel.send("x", to: Notebook.add, options)
        let line = try #require(calls().first)
        #expect(try calls().count == 1)
        #expect(line["method"] as? String == "test.Notebook/Add")
        #expect(line["status"] as? String == "OK")
        #expect(line["reason"] == nil)
        #expect(line["correlation_id"] as? String == "corr-1")
        #expect(line["caller"] as? String == "anna")
        #expect(line["role"] as? String == "reception")
        #expect((line["duration_ms"] as? Double).map { $0 >= 0 && $0 < 60_000 } == true)
    }

    @Test func `a refused call has its line too`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        _ = await notebook.channel.send("x", to: Notebook.add)
        _ = await notebook.channel.send("x", to: Notebook.add, try await hospital.options(.billing, subject: "bob"))
        let lines = try calls()
        #expect(lines.map { $0["reason"] as? String } == ["UNAUTHENTICATED", "PERMISSION_DENIED"])
        #expect(lines.map { $0["caller"] as? String } == [nil, "bob"])
    }

    @Test func `nothing that people wrote gets into the log, at any level`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let personal = "Jane Roe, born 1984-02-29, jane@example.org"
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        _ = await notebook.channel.send(personal, to: Notebook.add, options)
        _ = await notebook.channel.send(personal, to: Notebook.add, options)
        _ = await notebook.channel.send("refuse", to: Notebook.add, try await hospital.options(.reception))
        #expect(try calls().count == 3)
        for word in ["Jane", "Roe", "1984-02", "example.org", "refuse", options.metadata[MetadataName.authorization] ?? "?"] {
            #expect(!hospital.log.lines.contains { $0.contains(word) }, "\(word) is in the log")
        }
    }

    private func audited(_ request: BookAppointmentRequest) async throws -> [String: Any] {
        let notebook = try await hospital.open(Notebook.definition())
        _ = try? await notebook.channel.call(Notebook.audited, request.payload(), try await hospital.options(.reception))
        return try #require(calls().last)
    }

    @Test func `an audited call's line names the ids that it named, and nothing else of it`() async throws {
        var request = BookAppointmentRequest(patientID: "pat_01", doctorID: "doc_02", department: "Cardiology")
        request.slotStart = ProtobufTimestamp(seconds: 1_900_000_000)
        let line = try await audited(request)
        #expect(line["audited"] as? Bool == true)
        #expect(line["ids"] as? String == "pat_01 doc_02")
        #expect(!hospital.log.lines.contains { $0.contains("Cardiology") })
    }

    @Test func `a refused audited call names its ids too, but never what is no id`() async throws {
        let line = try await audited(BookAppointmentRequest(patientID: "Jane Roe", doctorID: "doc_02"))
        #expect(line["status"] as? String == "invalidArgument")
        #expect(line["audited"] as? Bool == true)
        #expect(line["ids"] as? String == "doc_02")
        #expect(!hospital.log.lines.contains { $0.contains("Jane") })
    }

    @Test func `a call that nobody wants audited is not marked`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        _ = await notebook.channel.send("x", to: Notebook.add, try await hospital.options(.reception))
        let line = try #require(calls().last)
        #expect(line["audited"] == nil && line["ids"] == nil)
    }

    @Test func `a quiet level writes no lines`() async throws {
        let log = CapturedLog()
        let notebook = try await ServiceAssembly.open(
            Notebook.definition(), hospital.configuration, options: HostOptions(logger: log.logger(level: .warning)))
        #expect(await notebook.channel.send("x", to: Notebook.add, try await hospital.options(.reception)).code == .ok)
        #expect(log.lines.isEmpty)
    }

    @Test func `an id that could harm the log is replaced by the trace's`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        var options = try await hospital.options(.reception)
        options.metadata[MetadataName.correlationID] = "a\nforged line"
        options.trace = .fresh()
        _ = await notebook.channel.send("x", to: Notebook.count, options)
        #expect(try calls().first?["correlation_id"] as? String == options.trace?.traceID)
    }

    @Test func `a message that is logged shows nothing of a person`() async throws {
        var request = CreatePatientRequest()
        request.name = "Jane Roe"
        request.dob = "1984-02-29"
        request.email = "jane@example.org"
        request.phone = "+31 6 1234 5678"
        request.allergies = ["penicillin"]
        hospital.log.logger().trace("a request", metadata: ["request": .stringConvertible(request), "list": "\([request])"])
        let line = try #require(hospital.log.lines.last)
        for word in ["Jane", "Roe", "1984-02", "example.org", "1234", "penicillin"] {
            #expect(!line.contains(word), "\(word) is in the log")
        }
    }

    @Test(arguments: [
        ("a", true), ("A.b_c-9", true), (String(repeating: "x", count: 128), true), ("", false),
        (String(repeating: "x", count: 129), false),
        ("a b", false), ("a\n", false), ("ä", false), ("a/b", false), ("a\"b", false),
    ])
    func `a correlation id is 1 to 128 harmless characters`(text: String, isValid: Bool) {
        #expect(CorrelationID.isValid(text) == isValid)
    }
}
