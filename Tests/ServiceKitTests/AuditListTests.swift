import Contracts
import HMSTestKit
import ProtobufC
import RPC
import Storage
import Testing
import Vocabulary

@testable import ServiceKit

/// What an administrator is shown of a service's audit.
@Suite(.timeLimit(.minutes(10))) struct AuditListTests {
    private static let noon: Int64 = 1_772_433_000_000

    /// A service with ten entries, one a second from noon on: of two callers in turn, and of a patient of his own each.
    private func withTenEntries(_ body: (AuditServiceClient, CallOptions, Database) async throws -> Void) async throws {
        let hospital = try TestHospital()
        let notebook = try await hospital.open(Notebook.definition())
        for number in 0..<10 {
            let entry = AuditEntry(
                recordedAt: Self.noon + Int64(number) * 1_000, actor: number.isMultiple(of: 2) ? "anna" : "bob", role: "reception",
                address: "192.0.2.7", correlationID: "c-\(number)", method: "hms.patient.v1.PatientService/GetPatient", kind: .read,
                patients: [Self.patient(number)], records: [], fields: [], result: "OK", reason: "")
            try await notebook.resources.database.write { try $0.record(entry) }
        }
        try await body(AuditServiceClient(notebook.channel), try await hospital.options(.admin), notebook.resources.database)
    }

    private static func patient(_ number: Int) -> String { "pat_0000000000000000000000000\(number)" }

    private static func time(_ second: Int64, and milliseconds: Int64 = 0) -> ProtobufTimestamp {
        ProtobufTimestamp(Instant(millisecondsSinceEpoch: noon + second * 1_000 + milliseconds))
    }

    /// The correlation ids of the calls on all pages.
    private func list(
        _ service: AuditServiceClient, _ options: CallOptions, _ request: ListAuditedCallsRequest = ListAuditedCallsRequest()
    ) async throws -> [String] {
        var (request, found) = (request, [] as [String])
        repeat {
            let page = try await service.listAuditedCalls(request, options)
            found += page.calls.map(\.correlationID)
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return found
    }

    @Test(arguments: [1, 3, 5, 10, 500])
    func `all of it is listed, the latest first, whatever a page holds`(size: Int32) async throws {
        try await withTenEntries { service, options, _ async throws in
            let found = try await list(service, options, ListAuditedCallsRequest(pageSize: size))
            #expect(found == (0..<10).reversed().map { "c-\($0)" })
        }
    }

    @Test func `a caller, a patient and a time choose what is shown`() async throws {
        try await withTenEntries { service, options, _ async throws in
            #expect(try await list(service, options, .init(actor: "bob", pageSize: 2)) == ["c-9", "c-7", "c-5", "c-3", "c-1"])
            #expect(try await list(service, options, .init(patientID: Self.patient(4))) == ["c-4"])
            #expect(try await list(service, options, .init(from: Self.time(7))) == ["c-9", "c-8", "c-7"])
            #expect(try await list(service, options, .init(to: Self.time(2))) == ["c-1", "c-0"])
            #expect(try await list(service, options, .init(actor: "anna", from: Self.time(3), to: Self.time(7))) == ["c-6", "c-4"])
            #expect(try await list(service, options, .init(actor: "nobody")) == [])
        }
    }

    @Test(arguments: [1, 2, 3, 4, 500])
    func `reads that were kept together are listed one by one, on as many pages`(size: Int32) async throws {
        let hospital = try TestHospital()
        let notebook = try await hospital.open(Notebook.definition())
        let reads = (0..<7).map { number in
            AuditEntry(
                recordedAt: Self.noon + Int64(number), actor: "anna", role: "reception", address: "192.0.2.7",
                correlationID: "c-\(number)", method: "hms.patient.v1.PatientService/GetPatient", kind: .read,
                patients: [Self.patient(number)])
        }
        try await notebook.resources.database.write { try $0.record(AuditReads(reads.prefix(3))) }
        try await notebook.resources.database.write { try $0.record(AuditReads(reads.dropFirst(3))) }
        let (service, options) = (AuditServiceClient(notebook.channel), try await hospital.options(.admin))
        let found = try await list(service, options, ListAuditedCallsRequest(pageSize: size))
        #expect(found == (0..<7).reversed().map { "c-\($0)" })
        let call = try #require(try await service.listAuditedCalls(.init(patientID: Self.patient(4)), options).calls.first)
        #expect(call.sequence == 2 && call.part == 1 && call.at == Self.time(0, and: 4) && call.correlationID == "c-4")
    }

    @Test func `each of several reads in one row is chosen by its own time, caller and patient, on pages of one`() async throws {
        let hospital = try TestHospital()
        let notebook = try await hospital.open(Notebook.definition())
        let reads = (0..<6).map { number in
            AuditEntry(
                recordedAt: Self.noon + Int64(number) * 1_000, actor: number.isMultiple(of: 2) ? "anna" : "bob", role: "reception",
                address: "192.0.2.7", correlationID: "c-\(number)", method: "hms.patient.v1.PatientService/GetPatient", kind: .read,
                patients: [Self.patient(number % 3)])
        }
        try await notebook.resources.database.write { try $0.record(AuditReads(reads)) }
        let (service, options) = (AuditServiceClient(notebook.channel), try await hospital.options(.admin))
        for size in [1, 2, 500] as [Int32] {
            let from = try await list(service, options, .init(from: Self.time(2), to: Self.time(5), pageSize: size))
            #expect(from == ["c-4", "c-3", "c-2"], "the row began before, and ends after")
            #expect(try await list(service, options, .init(actor: "bob", to: Self.time(4), pageSize: size)) == ["c-3", "c-1"])
            #expect(try await list(service, options, .init(patientID: Self.patient(1), pageSize: size)) == ["c-4", "c-1"])
            #expect(try await list(service, options, .init(actor: "anna", patientID: Self.patient(1), pageSize: size)) == ["c-4"])
            #expect(try await list(service, options, .init(from: Self.time(0, and: 1), to: Self.time(1), pageSize: size)) == [])
        }
    }

    @Test func `one entry with an old date hides nothing that was kept before it`() async throws {
        try await withTenEntries { service, options, database async throws in
            let old = AuditEntry(
                recordedAt: 1, actor: "eve", role: "", address: "", correlationID: "c-old",
                method: "hms.patient.v1.PatientService/GetPatient", kind: .read)
            try await database.write { try $0.record(old) }
            #expect(try await list(service, options, .init(from: Self.time(8))) == ["c-9", "c-8"])
        }
    }

    @Test func `what is long over is on the first page, however much has come since`() async throws {
        try await withTenEntries { service, options, database async throws in
            for day in 1...3 {
                let later = (0..<40_000).map { number in
                    AuditEntry(
                        recordedAt: Self.noon + Int64(day) * 86_400_000 + Int64(number), actor: "anna", role: "", address: "",
                        correlationID: "c", method: "hms.patient.v1.PatientService/GetPatient", kind: .read)
                }
                try await database.write { try $0.record(AuditReads(later)) }
            }
            let request = ListAuditedCallsRequest(from: Self.time(6), to: Self.time(8), pageSize: 5)
            #expect(try await service.listAuditedCalls(request, options).calls.map(\.correlationID) == ["c-7", "c-6"])
        }
    }

    /// As when the retention passes while somebody reads on.
    @Test func `what is forgotten or comes while somebody turns pages is neither shown twice nor in the way`() async throws {
        try await withTenEntries { service, options, database async throws in
            _ = try await database.sealAudit()
            var request = ListAuditedCallsRequest(pageSize: 3)
            let first = try await service.listAuditedCalls(request, options)
            let late = AuditEntry(
                recordedAt: Self.noon + 20_000, actor: "anna", role: "", address: "", correlationID: "c-late",
                method: "hms.patient.v1.PatientService/GetPatient", kind: .read)
            try await database.write { try $0.record(late) }
            #expect(try await database.purgeAudit(recordedBefore: Self.noon + 4_000, at: Self.noon) == 4)
            request.pageToken = first.nextPageToken
            #expect(try await list(service, options, request) == ["c-6", "c-5", "c-4"])
            #expect(try await list(service, options) == ["c-late", "c-9", "c-8", "c-7", "c-6", "c-5", "c-4"])
        }
    }

    @Test func `a call is shown as it was kept`() async throws {
        try await withTenEntries { service, options, _ async throws in
            let call = try #require(try await service.listAuditedCalls(.init(patientID: Self.patient(4)), options).calls.first)
            #expect(call.service == "notebook" && call.sequence == 5 && call.at == Self.time(4) && call.kind == .read)
            #expect(call.actor == "anna" && call.role == "reception" && call.address == "192.0.2.7" && call.result == "OK")
            #expect(call.patientIds == [Self.patient(4)] && call.method == "hms.patient.v1.PatientService/GetPatient")
        }
    }

    @Test func `a page of one question goes on with no other`() async throws {
        try await withTenEntries { service, options, _ async throws in
            let token = try await service.listAuditedCalls(.init(actor: "bob", pageSize: 2), options).nextPageToken
            let refused = await refusal { _ = try await service.listAuditedCalls(.init(actor: "anna", pageToken: token), options) }
            #expect(refused?.reason == "INVALID_ARGUMENT")
        }
    }
}
