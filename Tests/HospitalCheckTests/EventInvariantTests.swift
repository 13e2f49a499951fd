import Foundation
import Storage
import Testing

@testable import HospitalCheck

/// Events between two services, and the files that hold them: each invariant broken on purpose.
@Suite(.timeLimit(.minutes(10))) struct EventInvariantTests {
    private static let delivered = "Every event was delivered to everybody who hears of it, or is a dead letter"
    private static let applied = "Every event that was delivered has been applied, once"

    @Test func `a hospital in which nothing happened is sound`() async throws {
        let report = try await Self.hospital().check()
        #expect(report.isSound)
        #expect(report.description.hasSuffix("6 invariants hold"))
    }

    @Test func `a delivered and applied event is as it must be, and one that nobody hears of is not waited for`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.event(2, "untold") + Self.cursor(2))
        try hospital.write("right", "INSERT INTO hms_inbox VALUES ('right', 'evt_1', 0)")
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

    @Test func `an event that is held for another try is on its way, and a dead letter is not`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.event(2, "told") + Self.cursor(2))
        try hospital.write("left", "INSERT INTO hms_outbox_held VALUES ('right', 1, 'x', 1)")
        try hospital.write("left", "INSERT INTO hms_outbox_dead VALUES ('right', 2, 'NO', 8)")
        let report = try hospital.check()
        #expect(report.breaches(.waits) == [Self.delivered: ["left → right: evt_1"]])
        #expect(report.isSound)
    }

    @Test func `an event that counts as delivered but was never applied is lost`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.cursor(1))
        let report = try hospital.check()
        #expect(report.breaches() == [Self.applied: ["left → right: evt_1"]])
        #expect(!report.isSound)
        #expect(report.description.contains("BROKEN: \(Self.applied) (1)\n    left → right: evt_1"))
    }

    @Test func `what is wrong in each of several looks is broken, what differs is only on its way`() async throws {
        let hospital = try await Self.hospital()
        try hospital.write("left", Self.event(1, "told") + Self.event(2, "told"))
        let first = try hospital.check { try $0.look(at: $1) }
        try hospital.write("left", Self.cursor(1))
        try hospital.write("right", "INSERT INTO hms_inbox VALUES ('right', 'evt_1', 0)")
        let second = try hospital.check { try $0.look(at: $1) }
        let report = HospitalCheck(hospital.clinic).judge(looks: [first, second])
        #expect(report.breaches() == [Self.delivered: ["left → right: evt_2"]])
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
        let hospital = try await Self.hospital()
        try hospital.write(
            "left",
            "WITH n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) INSERT INTO books SELECT x, 'title ' || x FROM n")
        try Self.damage(hospital.path(of: "left"))
        let report = try hospital.check()
        #expect(report.breaches().keys.contains("Every page, index and row of every database is sound"))
    }

    private static func hospital() async throws -> PaperHospital {
        let books = Migration(
            version: 1, name: "books",
            sql: """
                CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
                CREATE INDEX books_by_title ON books (title);
                CREATE TABLE chapters (id INTEGER PRIMARY KEY, book INTEGER NOT NULL REFERENCES books (id));
                """)
        return try await PaperHospital(["left": [books], "right": []], routes: [EventRoute(from: "left", to: "right", types: ["told"])])
    }

    private static func event(_ sequence: Int, _ type: String) -> String {
        "INSERT INTO hms_outbox VALUES (\(sequence), 'evt_\(sequence)', '\(type)', 'x', x'00', 'c', 0); "
    }

    private static func cursor(_ position: Int) -> String {
        "INSERT INTO hms_outbox_cursors VALUES ('right', \(position)); "
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
