import Foundation
import Storage
import Testing

@testable import HospitalCheck

/// Events between two services, and the files that hold them: each invariant broken on purpose.
@Suite(.timeLimit(.minutes(10))) struct EventInvariantTests {
    private static let delivered = "Every event was delivered to everybody who hears of it, or is a dead letter"
    private static let applied = "Every event that was delivered has been applied, once"

    private static let noDeadLetter = "No event was given up: there is no dead letter"
    private static let kept = "Events that were set aside or given up are kept, and the oldest of each is tried again"

    @Test func `a hospital in which nothing happened is sound`() async throws {
        let report = try await Self.hospital().check()
        #expect(report.isSound)
        #expect(report.description.hasSuffix("8 invariants hold"))
    }

    @Test func `a delivered and applied event is as it must be, and one that nobody hears of is not waited for`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.event(2, "untold") + Self.cursor(2))
        try hospital.write("right", "INSERT INTO hms_inbox (consumer, event_id, received_at) VALUES ('right', 'evt_1', 0)")
        #expect(try hospital.check().breaches() == [:])
        #expect(try hospital.check().breaches(.waits) == [:])
    }

    @Test func `an event behind the subscriber's place is on its way`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told"))
        let report = try hospital.check()
        #expect(report.breaches(.waits) == [Self.delivered: ["left → right: evt_1"]])
        #expect(report.isSound)
    }

    @Test func `an event that is held for another try is on its way`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.cursor(1) + Self.held(1, dueAt: "0"))
        let report = try hospital.check()
        #expect(report.breaches(.waits) == [Self.delivered: ["left → right: evt_1"]])
        #expect(report.isSound)
    }

    @Test func `a dead letter is not on its way: somebody has to see to it`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.cursor(1) + Self.dead(1))
        let report = try hospital.check()
        #expect(report.breaches() == [Self.noDeadLetter: ["left → right: evt_1 was refused: NO"]])
        #expect(report.breaches(.waits) == [:])
    }

    @Test(
        arguments: [
            (held(7, dueAt: "0"), "left → right: the event at place 7 is gone"), (dead(7), "left → right: the event at place 7 is gone"),
            (held(1, dueAt: "NULL"), "left → right: x waits for nothing"),
            (held(1, dueAt: "NULL") + held(2, dueAt: "0"), "left → right: x waits for nothing"),
            (held(1, dueAt: "0") + held(2, dueAt: "0"), "left → right: x waits for nothing"),
        ])
    func `an event that was set aside and comes never again is found`(sql: String, breach: String) async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.event(2, "told") + Self.cursor(2) + sql)
        #expect(try hospital.check().breaches()[Self.kept] == [breach])
    }

    @Test func `behind the oldest event that was set aside others may wait`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write(
            "left", Self.event(1, "told") + Self.event(2, "told") + Self.cursor(2) + Self.held(1, dueAt: "9") + Self.held(2, dueAt: "NULL"))
        #expect(try hospital.check().breaches() == [:])
    }

    /// What is on its way on one road says nothing of another.
    @Test func `an event on its way excuses only what it can make true`() async throws {
        let hospital = try await PaperDataFolder(
            ["left": [], "right": [], "other": []],
            routes: [EventRoute(from: "left", to: "right", types: ["told"]), EventRoute(from: "other", to: "left", types: ["asked"])])
        try hospital.write("other", Self.event(1, "asked"))
        func verdict(of services: Set<String>) throws -> [CheckReport.Verdict] {
            let invariant = Invariant("It is so", of: services, .inTheEnd) { _ in Finding(count: 1, breaches: ["no"]) }
            return try hospital.check { check, files in
                try HospitalCheck(hospital.clinic, [invariant]).judge(atRest: files).lines.map(\.verdict)
            }
        }
        #expect(try verdict(of: ["left", "right"]) == [.broken])
        #expect(try verdict(of: ["left", "other"]) == [.waits])
        #expect(try verdict(of: ["left", "right", "other"]) == [.waits])
    }

    @Test func `an event that counts as delivered but was never applied is lost`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.cursor(1))
        let report = try hospital.check()
        #expect(report.breaches() == [Self.applied: ["left → right: evt_1"]])
        #expect(!report.isSound)
        #expect(report.description.contains("BROKEN: \(Self.applied) (1)\n    left → right: evt_1"))
    }

    @Test func `a row that refers to nothing is found`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", "INSERT INTO chapters VALUES (1, 7)")
        let report = try hospital.check()
        #expect(
            report.breaches() == [
                "No row of a database refers to a row that it does not have": ["left: chapters refers to nothing in books"]
            ])
    }

    @Test func `a damaged page is found`() async throws {
        let files = try await PaperFiles(Self.schemas)
        let hospital = try PaperDataFolder(Self.schemas.keys.sorted(), routes: Self.routes, files)
        try hospital.write(
            "left",
            "WITH n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) INSERT INTO books SELECT x, 'title ' || x FROM n")
        try Self.damage(files.path(of: "left"))
        let report = try hospital.check()
        #expect(report.breaches().keys.contains("Every page, index and row of every database is sound"))
    }

    private static let routes = [EventRoute(from: "left", to: "right", types: ["told"])]

    private static let schemas: [String: Schema] = [
        "left": [
            Migration(
                version: 1, name: "books",
                sql: """
                    CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
                    CREATE INDEX books_by_title ON books (title);
                    CREATE TABLE chapters (id INTEGER PRIMARY KEY, book INTEGER NOT NULL REFERENCES books (id));
                    """)
        ], "right": [],
    ]

    private static func hospital() async throws -> PaperDataFolder {
        try await PaperDataFolder(schemas, routes: routes)
    }

    private static func event(_ sequence: Int, _ type: String) -> String {
        """
        INSERT INTO hms_outbox (sequence, event_id, type, aggregate_id, payload, correlation_id, created_at)
            VALUES (\(sequence), 'evt_\(sequence)', '\(type)', 'x', x'00', 'c', 0);

        """
    }

    private static func held(_ sequence: Int, dueAt: String) -> String {
        "INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts, due_at) VALUES ('right', \(sequence), 'x', 1, \(dueAt)); "
    }

    private static func dead(_ sequence: Int) -> String {
        "INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts) VALUES ('right', \(sequence), 'NO', 8); "
    }

    private static func cursor(_ position: Int) -> String {
        "INSERT INTO hms_outbox_cursors (subscriber, position) VALUES ('right', \(position)); "
    }

    /// Overwrites the last page of a file's index with nonsense.
    private static func damage(_ path: String) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let end = try file.seekToEnd()
        try file.seek(toOffset: end - 4096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4000))
        try file.close()
    }
}
