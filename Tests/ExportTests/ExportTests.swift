import Contracts
import Export
import Foundation
import HMSTestKit
import PatientService
import PlainText
import RPC
import Reflection
import ServiceKit
import Storage
import Synchronization
import Testing
import UnimplementedServices

/// Whole tables, over the sockets of a real service.
@Suite(.timeLimit(.minutes(2))) struct ExportTests {
    @Test func `every row comes once, the oldest first, as the public API has it`() async throws {
        try await withHospital(patientCount: 1234) { export in
            let lines = try await export.lines()
            #expect(lines.count == 1234)
            #expect(lines.map { $0["patient_id"] as? String } == (1...1234).map(Exporter.id))
            #expect(lines[0]["name"] as? String == "Patient 1")
            #expect(lines[0]["created_at"] as? String == "2026-03-02T03:30:00Z")
        }
    }

    @Test func `an empty table is an empty file`() async throws {
        try await withHospital(patientCount: 0) { export in
            let lines = try await export.lines()
            #expect(lines.isEmpty)
        }
    }

    @Test func `an export goes on after the row that it is given`() async throws {
        try await withHospital(patientCount: 600) { export in
            let last = try await export.lines(after: Exporter.id(597))
            #expect(last.map { $0["patient_id"] as? String } == (598...600).map(Exporter.id))
            let none = try await export.lines(after: Exporter.id(600))
            #expect(none.isEmpty)
        }
    }

    @Test func `a row that is not there is none to go on after`() async throws {
        try await withHospital(patientCount: 1) { export in
            let error = await #expect(throws: RPCError.self) { try await export.lines(after: Exporter.id(7)) }
            #expect(error?.reason == "PATIENT_NOT_FOUND")
        }
    }

    @Test func `only an administrator exports`() async throws {
        try await withHospital(patientCount: 1, as: .reception) { export in
            let error = await #expect(throws: RPCError.self) { try await export.lines() }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test func `a reader that stops stops the query, and the log says how much was sent`() async throws {
        try await withHospital(patientCount: 20_000) { export in
            do {
                var rows = export.patients.exportPatients(ExportPatientsRequest(), export.options).makeAsyncIterator()
                _ = try await rows.next()
            }
            let line = await export.line(of: "ExportPatients")
            #expect(line.contains(#""status":"CANCELLED""#) || line.contains(#""status":"cancelled""#))
            let messages = line.firstMatch(of: /"messages":(\d+)/).flatMap { Int($0.1) } ?? 0
            #expect((1..<8000).contains(messages))
        }
    }

    @Test func `a whole export has its line in the log, audited`() async throws {
        try await withHospital(patientCount: 3) { export in
            _ = try await export.lines()
            let line = await export.line(of: "ExportPatients")
            for part in [#""audited":true"#, #""messages":3"#, #""status":"OK""#, #""role":"admin""#] { #expect(line.contains(part)) }
        }
    }

    @Test func `who was built without the contract is told of the stream, and reads it`() async throws {
        try await withHospital(patientCount: 600) { export in
            let call = ReflectedCall(export.client, options: export.options)
            let catalog = try await call.describe().catalog
            let method = try #require(catalog.methods["hms.patient.v1.PatientService/ExportPatients"])
            #expect(catalog.describe(method).contains("returns (stream hms.patient.v1.ExportPatientsResponse)"))
            var rows: [String] = []
            try await call.stream(method, in: catalog, request: try JSONValue(parsing: "{}")) { rows.append($0.compact) }
            #expect(rows.count == 600)
            #expect(rows[0].contains(Exporter.id(1)))
        }
    }

    @Test func `a stream that ends early is gone on with after its last row`() async throws {
        let service = FailingExport()
        let file = try TemporaryFile()
        var run = ExportRun(
            of: .patients, after: "", from: InProcessChannel(services: [service]), to: LineFile(file.handle), options: { CallOptions() })
        try await run.run()
        #expect(run.rowCount == 4)
        #expect(service.asked.withLock { $0 } == ["", "pat_2", "pat_3", "pat_3"])
        #expect(try file.lines().count == 4)
    }
}

/// Streams patients from 1 to 4, and is away now and then.
private final class FailingExport: UnimplementedPatientService, Sendable {
    let asked = Mutex<[String]>([])

    func exportPatients(
        _ request: ExportPatientsRequest, _ context: CallContext, _ writer: MessageWriter<ExportPatientsResponse>
    ) async throws {
        let turn = asked.withLock { asked in
            asked.append(request.after)
            return asked.count
        }
        let next = (Int(request.after.dropFirst(4)) ?? 0) + 1
        for number in next...4 {
            if (turn == 1 && number == 3) || (turn == 2 && number == 4) || turn == 3 { throw RPCError.unavailable("away") }
            try await writer.write(ExportPatientsResponse(patient: Patient(patientID: "pat_\(number)", name: "P", dob: "1980-01-01")))
        }
    }
}

/// A patient service with so many patients, and a client of it.
struct Exporter {
    let client: RPCClient
    let options: CallOptions
    let log: CapturedLog

    var patients: PatientServiceClient { PatientServiceClient(client) }

    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "pat_" + String(repeating: "0", count: 26 - digits.count) + digits
    }

    func lines(after id: String = "") async throws -> [[String: Any]] {
        let file = try TemporaryFile()
        var run = ExportRun(of: .patients, after: id, from: client, to: LineFile(file.handle), options: { options })
        try await run.run()
        return try file.lines().map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }

    /// The line of a call's end, once it is written.
    func line(of method: String) async -> String {
        while true {
            if let line = log.lines.first(where: { $0.contains(method) && $0.contains("duration_ms") }) { return line }
            await Task.yield()
        }
    }
}

private func withHospital(patientCount: Int, as role: CallerRole = .admin, _ test: (Exporter) async throws -> Void) async throws {
    let hospital = try TestHospital()
    let host = try await hospital.start(.patient)
    _ = try await host.assembly.resources.database.write { transaction in
        try transaction.execute(
            """
            INSERT INTO patients (patient_id, name, name_folded, dob, allergies, status, created_at, version)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            SELECT 'pat_' || substr('00000000000000000000000000' || i, length('' || i) + 1), 'Patient ' || i, 'patient ' || i, '1980-01-01', '', 'ACTIVE', 1772422200000, 1
            FROM n WHERE i <= ?
            """, [.integer(Int64(patientCount)), .integer(Int64(patientCount))])
    }
    let client = hospital.client(to: host)
    var options = try await hospital.options(role)
    options.timeout = .seconds(60)
    do {
        try await test(Exporter(client: client, options: options, log: hospital.log))
        await client.close()
        await host.stop()
    } catch {
        await client.close()
        await host.stop()
        throw error
    }
}

/// A file that goes with the test.
final class TemporaryFile {
    let handle: FileHandle
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = FileManager.default.createFile(atPath: folder.path + "/lines", contents: nil)
        handle = try #require(FileHandle(forWritingAtPath: folder.path + "/lines"))
    }

    func lines() throws -> [Substring] {
        try String(contentsOfFile: folder.path + "/lines", encoding: .utf8).split(separator: "\n")
    }
}
