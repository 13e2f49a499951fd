import Contracts
import Foundation
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Synchronization
import Testing

/// A service that counts, in its own database, what it hears.
@Suite(.timeLimit(.minutes(10))) struct EventReceiverTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private struct Bug: Error {}

    /// What departments make of an event.
    private static let failures: [String: any Error] = [
        "broken": RPCError.invalidArgument("no such department"), "buggy": Bug(), "full": StorageError.full,
        "lost": StorageError.failed(code: 10),
    ]

    private static let listener = ServiceDefinition(
        name: "appointment",
        schema: [
            Migration(version: 1, name: "heard", sql: "CREATE TABLE heard (doctor_id TEXT NOT NULL, department TEXT NOT NULL);")
        ]
    ) { resources in
        [
            EventReceiver(resources) { event, transaction in
                let changed = try event.message(DoctorChanged.self)
                if let failure = failures[changed.department] { throw failure }
                try transaction.execute(
                    "INSERT INTO heard (doctor_id, department) VALUES (?, ?)", [.text(changed.doctorID), .text(changed.department)])
            }
        ]
    }

    private func event(_ id: String, of doctorID: String = "doc_1", department: String = "Cardiology") -> Event {
        Event(
            eventID: id, eventType: "doctor.changed", aggregateID: doctorID,
            payload: DoctorChanged(doctorID: "doc_1", department: department).protobuf())
    }

    private func withListener(_ body: (EventServiceClient, ServiceAssembly) async throws -> Void) async throws {
        let assembly = try await hospital.open(Self.listener)
        try await body(EventServiceClient(assembly.channel), assembly)
        await assembly.close()
    }

    /// Options of a call by the doctor service.
    private func asDoctor() async throws -> CallOptions {
        try await hospital.options(.service, subject: "doctor")
    }

    private func heard(_ assembly: ServiceAssembly) async throws -> [String] {
        try await assembly.resources.database.read { try $0.rows("SELECT department FROM heard") { $0.text(0) } }
    }

    @Test func `an event that is delivered twice is applied once`() async throws {
        try await withListener { client, assembly in
            let options = try await asDoctor()
            for _ in 0..<3 {
                _ = try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_1"), event("evt_2")]), options)
            }
            #expect(try await heard(assembly) == ["Cardiology", "Cardiology"])
        }
    }

    @Test func `the same event from 32 senders at once is applied once`() async throws {
        try await withListener { client, assembly in
            let options = try await asDoctor()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask { _ = try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_1")]), options) }
                }
                try await group.waitForAll()
            }
            #expect(try await heard(assembly).count == 1)
        }
    }

    @Test func `an event that can't be applied leaves nothing, not even its claim`() async throws {
        try await withListener { client, assembly in
            let options = try await asDoctor()
            let bad = [event("evt_1", department: "broken"), Event(eventID: "evt_2", eventType: "x", aggregateID: "y", payload: [0xFF])]
            for event in bad {
                let answer = try await client.deliverEvents(.init(producer: "doctor", events: [event]), options)
                #expect(answer.failures == [EventFailure(eventID: event.eventID, statusCode: 3, reason: "INVALID_ARGUMENT")])
            }
            let missing = try await client.findMissingEvents(.init(eventIds: ["evt_1", "evt_2"]), options)
            #expect(missing.eventIds == ["evt_1", "evt_2"])
            #expect(try await heard(assembly).isEmpty)
        }
    }

    @Test func `a delivery is one transaction, of one commit`() async throws {
        try await withListener { client, assembly in
            let events = (1...50).map { event("evt_\($0)", of: "doc_\($0)") }
            let before = assembly.resources.database.counts.commits
            let answer = try await client.deliverEvents(.init(producer: "doctor", events: events), asDoctor())
            #expect(answer == DeliverEventsResponse())
            #expect(assembly.resources.database.counts.commits == before + 1)
            #expect(try await heard(assembly).count == 50)
        }
    }

    @Test func `of a delivery in which some can't be applied the others are, and nothing behind those`() async throws {
        try await withListener { client, assembly in
            let events = [
                event("evt_1", of: "doc_1", department: "A"), event("evt_2", of: "doc_2", department: "broken"),
                event("evt_3", of: "doc_2", department: "behind"), event("evt_4", of: "doc_3", department: "buggy"),
                event("evt_5", of: "doc_4", department: "B"), event("evt_6", of: "doc_1", department: "C"),
            ]
            let answer = try await client.deliverEvents(.init(producer: "doctor", events: events), asDoctor())
            #expect(
                answer.failures == [
                    EventFailure(eventID: "evt_2", statusCode: 3, reason: "INVALID_ARGUMENT"),
                    EventFailure(eventID: "evt_4", statusCode: 13, reason: "INTERNAL"),
                ])
            #expect(try await heard(assembly) == ["A", "B", "C"])
        }
    }

    @Test(arguments: [("full", .unavailable), ("lost", .internal)] as [(String, StatusCode)])
    func `a database that fails is no answer, and nothing of the delivery is kept`(department: String, code: StatusCode) async throws {
        try await withListener { client, assembly in
            let events = [event("evt_1", of: "doc_1"), event("evt_2", of: "doc_2", department: department)]
            let options = try await asDoctor()
            let error = await #expect(throws: RPCError.self) {
                try await client.deliverEvents(.init(producer: "doctor", events: events), options)
            }
            #expect(error?.code == code)
            #expect(try await heard(assembly).isEmpty)
        }
    }

    @Test func `a receiver says that it was set back where it does not know what it applied last`() async throws {
        try await withListener { client, _ in
            let options = try await asDoctor()
            for (last, department, isSetBack) in [("", "A", false), ("evt_A", "B", false), ("evt_X", "C", true), ("evt_X", "broken", true)]
            {
                let request = DeliverEventsRequest(
                    producer: "doctor", events: [event("evt_\(department)", department: department)], lastAppliedEventID: last)
                #expect(try await client.deliverEvents(request, options).setBack == isSetBack, "\(last)")
            }
        }
    }

    @Test func `receipts are forgotten before the place that their producer names`() async throws {
        try await withListener { client, assembly in
            let options = try await asDoctor()
            var events = [event("evt_1", of: "doc_1"), event("evt_2", of: "doc_2"), event("evt_3", of: "doc_3")]
            for index in events.indices { events[index].place = Int64(index + 1) }
            _ = try await client.deliverEvents(.init(producer: "doctor", events: events), options)
            #expect(try await client.forgetEvents(.init(producer: "doctor", beforePlace: 3), options).hasMore == false)
            let missing = try await client.findMissingEvents(.init(eventIds: events.map(\.eventID)), options).eventIds
            #expect(missing == ["evt_1", "evt_2"])
        }
    }

    @Test func `a person can't deliver events`() async throws {
        try await withListener { client, _ in
            let options = try await hospital.options(.admin)
            let error = await #expect(throws: RPCError.self) {
                try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_1")]), options)
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test(arguments: [("billing", "doctor"), ("appointment", "doctor"), ("doctor", "billing"), ("doctor", "Doctor")])
    func `no service delivers or forgets in the name of another`(service: String, producer: String) async throws {
        try await withListener { client, assembly in
            let options = try await hospital.options(.service, subject: service)
            let delivered = await #expect(throws: RPCError.self) {
                try await client.deliverEvents(.init(producer: producer, events: [event("evt_1")]), options)
            }
            let forgotten = await #expect(throws: RPCError.self) {
                try await client.forgetEvents(.init(producer: producer, beforePlace: 1), options)
            }
            for error in [delivered, forgotten] { #expect(error?.code == .permissionDenied && error?.reason == "PERMISSION_DENIED") }
            #expect(try await heard(assembly).isEmpty)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "PostgreSQL is backed up by its own tools"))
    func `a backup by call is a whole database under the name that was asked for`() async throws {
        try await withListener { client, assembly in
            _ = try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_1")]), asDoctor())
            let backups = BackupServiceClient(assembly.channel)
            let copy = try await backups.backUp(BackUpRequest(name: "before-lunch"), hospital.options(.admin))
            #expect(copy.path == "\(hospital.folder.path)/appointment/backups/before-lunch.sqlite" && copy.bytes > 0)
            let opened = try await Database.open(
                .sqlite(path: copy.path), schema: Self.listener.schema, logger: hospital.log.logger())
            #expect(try await opened.read { try $0.rows("SELECT doctor_id FROM heard") { $0.text(0) } } == ["doc_1"])
            await opened.close()
        }
    }

    @Test(.enabled(if: !TestHospital.isOnSQLite, "SQLite is backed up by call"))
    func `a backup by call is refused where the server of the database is backed up, which the refusal says`() async throws {
        try await withListener { _, assembly in
            let error = await #expect(throws: RPCError.self) {
                try await BackupServiceClient(assembly.channel).backUp(BackUpRequest(name: "before-lunch"), hospital.options(.admin))
            }
            #expect(error?.code == .unimplemented && error?.reason == "UNIMPLEMENTED")
            #expect(error?.message.contains("pg_dump") == true)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "PostgreSQL is backed up by its own tools"))
    func `a backup of a hold has what was told before it, and not what was told behind it`() async throws {
        try await withListener { client, assembly in
            let backups = BackupServiceClient(assembly.channel)
            let options = try await hospital.options(.admin)
            _ = try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_1", of: "doc_1")]), asDoctor())
            _ = try await backups.holdWrites(HoldWritesRequest(name: "noon", limitMs: 10_000), options)
            #expect(try await backups.releaseWrites(ReleaseWritesRequest(name: "noon"), options).heldUntilNow)
            _ = try await client.deliverEvents(.init(producer: "doctor", events: [event("evt_2", of: "doc_2")]), asDoctor())
            let copy = try await backups.backUp(BackUpRequest(name: "noon", held: true), options)
            let opened = try await Database.open(
                .sqlite(path: copy.path), schema: Self.listener.schema, logger: hospital.log.logger())
            #expect(try await opened.read { try $0.rows("SELECT department FROM heard") { $0.text(0) } } == ["Cardiology"])
            await opened.close()
            #expect(try await heard(assembly).count == 2)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "PostgreSQL is backed up by its own tools"))
    func `one hold is on at a time, and one of the same name takes its place`() async throws {
        try await withListener { _, assembly in
            let backups = BackupServiceClient(assembly.channel)
            let options = try await hospital.options(.admin)
            for _ in 0..<2 { _ = try await backups.holdWrites(HoldWritesRequest(name: "noon", limitMs: 10_000), options) }
            let refusal = await #expect(throws: RPCError.self) {
                try await backups.holdWrites(HoldWritesRequest(name: "midnight", limitMs: 10_000), options)
            }
            #expect(refusal?.code == .aborted)
            let unknown = await #expect(throws: RPCError.self) {
                try await backups.releaseWrites(ReleaseWritesRequest(name: "midnight"), options)
            }
            #expect(unknown?.code == .notFound)
            #expect(try await backups.releaseWrites(ReleaseWritesRequest(name: "noon"), options).heldUntilNow)
            #expect(try await backups.releaseWrites(ReleaseWritesRequest(name: "noon"), options).heldUntilNow == false)
            _ = try await backups.backUp(BackUpRequest(name: "noon", held: true), options)
            let gone = await #expect(throws: RPCError.self) {
                try await backups.backUp(BackUpRequest(name: "noon", held: true), options)
            }
            #expect(gone?.code == .notFound)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "PostgreSQL is backed up by its own tools"))
    func `copies of commands that were killed go with the next copy`() async throws {
        try await withListener { _, assembly in
            let folder = hospital.folder.path + "/appointment/backups"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // The largest number that a process can have here is 2²².
            let dead = ["check-99999999.sqlite", "backup-99999999.sqlite", "kept.sqlite.partial-99999999"]
            let mine = "check-\(ProcessInfo.processInfo.processIdentifier).sqlite"
            for name in dead + [mine, "kept.sqlite"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
            _ = try await BackupServiceClient(assembly.channel).backUp(BackUpRequest(name: "new"), hospital.options(.admin))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [mine, "kept.sqlite", "new.sqlite"].sorted())
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/new.sqlite")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test(arguments: ["", "../doctor", "a/b", ".hidden", String(repeating: "a", count: 65)])
    func `a backup's name is no path`(name: String) async throws {
        try await withListener { _, assembly in
            let error = await #expect(throws: RPCError.self) {
                try await BackupServiceClient(assembly.channel).backUp(BackUpRequest(name: name), hospital.options(.admin))
            }
            #expect(error?.code == .invalidArgument)
        }
    }
}
