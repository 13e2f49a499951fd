import Contracts
import Foundation
import HMSTestKit
import NIOCore
import ProtobufC
import RPC
import Storage
import Synchronization
import Testing

@testable import ServiceKit

/// What the contract marks is kept in the service's own database, by whom and how it ended.
@Suite(.timeLimit(.minutes(10))) struct AuditTrailTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital { $0.audit = .all }
    }

    private func entries(of assembly: ServiceAssembly) async throws -> [AuditEntry] {
        try await assembly.resources.database.read { reader in
            var all: [AuditEntry] = []
            try reader.forEachAuditEntry { _, entry in
                all.append(entry)
                return true
            }
            return all
        }
    }

    @Test func `a read is kept when its answer has come: who, which method, which patient`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        var request = BookAppointmentRequest(
            patientID: "pat_01hv0000000000000000000001", doctorID: "doc_01hv0000000000000000000002", department: "Cardiology")
        request.slotStart = ProtobufTimestamp(seconds: 1_900_000_000)
        var options = try await hospital.options(.reception, subject: "anna")
        options.metadata[MetadataName.correlationID] = "corr-1"
        options.metadata[MetadataName.clientAddress] = "192.0.2.7"
        options.metadata[MetadataName.accessReason] = "he was carried in\n unconscious"
        _ = try? await notebook.channel.call(Notebook.audited, request.payload(), options)
        let entry = try #require(try await entries(of: notebook).first)
        #expect(entry.actor == "anna" && entry.role == "reception" && entry.method == "test.Notebook/Audited" && entry.kind == .read)
        #expect(entry.patients == ["pat_01hv0000000000000000000001"] && entry.records == ["doc_01hv0000000000000000000002"])
        #expect(entry.correlationID == "corr-1" && entry.address.hasPrefix("192.0.2.7 via "))
        #expect(entry.reason == "he was carried in unconscious" && entry.result == "OK")
    }

    @Test func `a change is kept once, in its own transaction, and the same answer again is one more entry`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k")
        #expect(await notebook.channel.send("x", to: Notebook.keep, options).code == .ok)
        #expect(await notebook.channel.send("x", to: Notebook.keep, options).isReplay)
        let entries = try await entries(of: notebook)
        #expect(entries.map(\.result) == ["OK", "REPLAYED"])
        #expect(entries.map(\.kind) == [.change, .change])
    }

    @Test func `a change that fails leaves the entry of its refusal alone`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        #expect(await notebook.channel.send("refuse", to: Notebook.keep, try await hospital.options(.reception)).code == .invalidArgument)
        #expect(try await entries(of: notebook).map(\.result) == ["INVALID_ARGUMENT"])
    }

    @Test func `who may not is kept with his name, and who is nobody is not`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let bob = try await hospital.options(.billing, subject: "bob")
        #expect(await notebook.channel.send("x", to: Notebook.keep, bob).code == .permissionDenied)
        #expect(await notebook.channel.send("x", to: Notebook.keep).code == .unauthenticated)
        let entries = try await entries(of: notebook)
        #expect(entries.map(\.actor) == ["bob"])
        #expect(entries.map(\.result) == ["PERMISSION_DENIED"])
    }

    @Test func `where the audit can't be written nothing audited is answered or changed`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let (database, options) = (notebook.resources.database, try await hospital.options(.reception))
        try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
        let read = await refusal { _ = try await notebook.channel.call(Notebook.audited, Self.request.payload(), options) }
        #expect(read?.code == .internal)
        #expect(await notebook.channel.send("x", to: Notebook.keep, options).code == .internal)
        #expect(try await database.read { try $0.row("SELECT count(*) FROM notes") { $0.int(0) } } == 0)
        // Who is refused hears of it all the same.
        let bob = try await hospital.options(.billing)
        #expect(await notebook.channel.send("x", to: Notebook.keep, bob).code == .permissionDenied)
        try await database.write { try $0.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit") }
        #expect(try await entries(of: notebook).isEmpty)
        #expect(await notebook.channel.send("x", to: Notebook.keep, options).code == .ok)
    }

    @Test func `what the contract does not mark is not kept`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        _ = await notebook.channel.send("x", to: Notebook.add, try await hospital.options(.reception))
        #expect(try await entries(of: notebook).isEmpty)
    }

    @Test func `nothing that people wrote is kept`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        for text in ["Jane Roe, born 1984-02-29", "refuse"] {
            _ = await notebook.channel.send(text, to: Notebook.keep, try await hospital.options(.reception))
        }
        let kept = try await entries(of: notebook)
        #expect(kept.count == 2)
        #expect(!"\(kept)".contains("Jane") && !"\(kept)".contains("1984"))
    }

    @Test func `ids are found in an answer where they are all of a text, and nowhere else`() throws {
        let id = "pat_01hv0000000000000000000001"
        let answer = GetPatientResponse(patient: Patient(patientID: id, name: "not pat_01hv0000000000000000000009 himself"))
        #expect(RecordIDs.all(in: answer.protobuf()) == [id])
        #expect(RecordIDs.all(in: Array(id.utf8)) == [])
        #expect(RecordIDs.all(in: [30] + Array(id.utf8.dropLast())) == [])
        for wrong in [id.uppercased(), id.replacing("_", with: "_8").dropLast().description, id.dropLast() + "l", id.dropLast() + "\u{FF}"]
        {
            #expect(RecordIDs.all(in: [UInt8(wrong.utf8.count)] + Array(wrong.utf8)) == [])
        }
        #expect(RecordIDs.all(in: []) == [])
    }

    @Test func `the end of the chain is written down outside of the database`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        _ = await notebook.channel.send("x", to: Notebook.keep, try await hospital.options(.reception))
        let sealing = AuditSealing(notebook.resources)
        try await sealing.seal(anchoring: false)
        try await sealing.seal(anchoring: false)
        let head = try await notebook.resources.database.read { try $0.auditHead() }
        let path = AuditAnchors.path(in: hospital.folder.path)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines.first?.contains(#""service":"notebook","place":1,"hash":"\#(head.hexHash)""#) == true)
    }

    @Test func `another service keeps the end of the chain, and is told again where it was away`() async throws {
        let keeper = try await hospital.open(Notebook.definition())
        let gate = FlakyChannel(to: keeper.channel)
        let patient = try await hospital.open(
            ServiceDefinition(name: "patient", schema: []) { [Notebook(database: $0.database)] }, peers: ["doctor": gate])
        let database = patient.resources.database
        try await database.write { try $0.record(Self.someEntry) }
        let sealing = AuditSealing(patient.resources)
        gate.isAway = true
        try await sealing.seal(anchoring: true)
        #expect(try await keeper.resources.database.read { try $0.keptAnchors() }.isEmpty)
        gate.isAway = false
        try await sealing.seal(anchoring: true)
        let anchor = try await database.read { try $0.auditAnchor() }
        #expect(anchor.head.place == 1 && anchor.recordedAt == Self.someEntry.recordedAt)
        #expect(try await keeper.resources.database.read { try $0.keptAnchors() } == ["patient": [anchor]])
        for service in Settings.services { #expect(AuditKeeper.keeper(of: service).map(Settings.services.contains) == true) }
    }

    @Test func `a service keeps nothing in another's name, and nothing of its own`() async throws {
        let keeper = AuditServiceClient(try await hospital.open(Notebook.definition()).channel)
        let request = KeepAuditHeadRequest(service: "billing", place: 1, hash: Array(repeating: 7, count: 32))
        #expect(
            await refusal { _ = try await keeper.keepAuditHead(request, try await hospital.options(.service, subject: "payment")) }?.reason
                == "PERMISSION_DENIED")
        #expect(
            await refusal { _ = try await keeper.keepAuditHead(request, try await hospital.options(.admin)) }?.reason == "PERMISSION_DENIED"
        )
        #expect(
            await refusal { _ = try await keeper.keepAuditHead(request, try await hospital.options(.service, subject: "billing")) } == nil)
    }

    private static let request = BookAppointmentRequest(
        patientID: "pat_01hv0000000000000000000001", doctorID: "doc_01hv0000000000000000000002", department: "Cardiology",
        slotStart: ProtobufTimestamp(seconds: 1_900_000_000))

    private static let someEntry = AuditEntry(
        recordedAt: 1, actor: "anna", role: "reception", address: "192.0.2.7", correlationID: "c", method: "m", kind: .change)

    /// A way that leads nowhere for a while.
    private final class FlakyChannel: RPCChannel {
        private let channel: any RPCChannel
        private let away = Atomic(false)

        init(to channel: any RPCChannel) {
            self.channel = channel
        }

        var isAway: Bool {
            get { away.load(ordering: .sequentiallyConsistent) }
            set { away.store(newValue, ordering: .sequentiallyConsistent) }
        }

        func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
            if isAway { throw RPCError.unavailable("away") }
            return try await channel.call(method, payload, options)
        }
    }

    @Test func `buffered reads are answered before they are kept, and kept together`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let database = notebook.resources.database
        let folder = try TemporaryFolder()
        let buffer = AuditBuffer(
            try AuditJournals(service: "notebook", dataFolder: folder.path).open(), database: database, logger: hospital.log.logger())
        let trail = AuditTrail(.all, database: database, buffer: buffer, logger: hospital.log.logger())
        let reads = InProcessChannel(
            services: [Notebook(database: database)],
            interceptors: [
                trail, Authentication(verifier: try await TokenVerifier(hospital.configuration.identity, logger: hospital.log.logger())),
            ])
        let options = try await hospital.options(.reception, subject: "anna")
        for _ in 0..<3 { _ = try await reads.call(Notebook.audited, Self.request.payload(), options) }
        #expect(try await entries(of: notebook).isEmpty)
        await buffer.write()
        #expect(try await entries(of: notebook).map(\.actor) == ["anna", "anna", "anna"])
        // Who may not is kept before he hears of it.
        _ = try? await reads.call(Notebook.audited, ByteBuffer(), try await hospital.options(.billing, subject: "bob"))
        #expect(try await entries(of: notebook).map(\.actor).last == "bob")
        // What still waits when the service stops is kept.
        _ = try await reads.call(Notebook.audited, Self.request.payload(), options)
        let writing = Task { await buffer.run() }
        writing.cancel()
        await writing.value
        #expect(try await entries(of: notebook).count == 5)
    }

    @Test func `old entries are forgotten, and the chain holds`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        _ = await notebook.channel.send("x", to: Notebook.keep, try await hospital.options(.reception))
        let database = notebook.resources.database
        _ = try await database.sealAudit()
        let housekeeping = Housekeeping(
            database: database, hearers: [], clock: hospital.clock.clock, logger: hospital.log.logger(),
            idempotencyRetention: .seconds(86_400), eventRetention: .seconds(86_400), auditRetention: .seconds(86_400))
        try await housekeeping.clean(at: SystemTime.millisecondsSinceEpoch() + 2 * 86_400_000)
        #expect(try await entries(of: notebook).isEmpty)
        let findings = try await database.read { try $0.verifyAudit(against: []) }
        #expect(findings.breaches == [] && findings.purgedThrough == 1)
    }
}
