import Foundation
import HMSTestKit
import ServiceKit
import Storage
import Testing

/// The version that was released last and this one on one database. What was released is in `Golden/Released`, for each engine; when a
/// version is released, `HMS_WRITE_RELEASED=1` writes it anew.
@Suite(.timeLimit(.minutes(10))) struct ReleasedSchemaTests {
    private static let book = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden/Released/\(TestHospital.isOnSQLite ? "sqlite" : "postgres").txt")

    /// A database that this version has made says of itself which migrations it has seen, and which columns they came to.
    private static func lines(of service: String) async throws -> [String] {
        let hospital = try TestHospital()
        let definition = try #require(BusyHospital.definitions.first { $0.name == service })
        let database = try await Database.open(
            hospital.configuration.databases.database(of: service, dataFolder: hospital.folder.path), schema: definition.schema,
            logger: hospital.log.logger())
        let columns = TestHospital.isOnSQLite ? SchemaTests.columnsOfSQLite : SchemaTests.columnsOfPostgres
        let lines = try await database.read { reader in
            let migrations = try reader.rows(
                "SELECT component || ' ' || version || ': ' || name || ', ' || checksum FROM hms_migrations ORDER BY component, version"
            ) { "\(service): migration \($0.text(0))" }
            return migrations + (try reader.rows(columns) { "\(service): column \($0.text(0))" }).sorted()
        }
        await database.close()
        withExtendedLifetime(hospital) {}
        return lines
    }

    private static func released(_ service: String, _ kind: String) throws -> [String] {
        let lines = try String(contentsOf: book, encoding: .utf8).split(separator: "\n").map(String.init)
        return lines.filter { $0.hasPrefix("\(service): \(kind) ") }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["HMS_WRITE_RELEASED"] != nil)) func `the book is written`() async throws {
        var text = "# What databases of the version that was released last say of themselves.\n"
        for definition in BusyHospital.definitions { text += try await Self.lines(of: definition.name).joined(separator: "\n") + "\n" }
        try FileManager.default.createDirectory(at: Self.book.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: Self.book, atomically: true, encoding: .utf8)
    }

    @Test(arguments: BusyHospital.definitions.map(\.name))
    func `no migration that was released is changed, and new ones come after them`(service: String) async throws {
        let released = try Self.released(service, "migration")
        let now = try await Self.lines(of: service)
        #expect(!released.isEmpty)
        for component in ["storage", "service"] {
            let before = released.filter { $0.contains(" migration \(component) ") }
            #expect(Array(now.filter { $0.contains(" migration \(component) ") }.prefix(before.count)) == before)
        }
    }

    /// It reads what it has made, and writes rows that say nothing of what it does not know.
    @Test(arguments: BusyHospital.definitions.map(\.name))
    func `the version before reads and writes on, unless a migration says that it takes something away`(service: String) async throws {
        let now = try await Self.lines(of: service)
        let news = Set(now).subtracting(try Self.released(service, "migration"))
        if news.contains(where: { $0.contains(" migration ") && $0.contains(": contract: ") }) { return }
        let released = try Self.released(service, "column")
        #expect(!released.isEmpty)
        #expect(Set(released).subtracting(now) == [], "what it works with is gone or narrower")
        let tables = Set(released.compactMap(Self.table))
        let demanded = news.subtracting(released).filter { line in
            Self.table(line).map(tables.contains) == true && line.contains(" NOT NULL") && !line.contains(" DEFAULT ")
        }
        #expect(demanded == [], "its rows would lack them")
    }

    /// `patient: column patients.name NOT NULL` → `patients`; nil where it is of no column.
    private static func table(_ line: String) -> String? {
        guard let name = line.firstRange(of: ": column ").map({ line[$0.upperBound...] }) else { return nil }
        return name.firstIndex(of: ".").map { String(name[..<$0]) }
    }
}
