import HMSTestKit
import ServiceKit
import Storage
import Testing

/// The schemas of both engines hold the same, under the same names.
@Suite(.enabled(if: !TestHospital.isOnSQLite, "HMS_TEST_POSTGRES names no server"), .timeLimit(.minutes(10)))
struct SchemaTests {
    @Test(arguments: BusyHospital.definitions.map(\.name))
    func `PostgreSQL has the tables, columns and indexes of SQLite`(service: String) async throws {
        let hospital = try TestHospital()
        let definition = try #require(BusyHospital.definitions.first { $0.name == service })
        let file = try await Database.open(
            .sqlite(path: "\(hospital.folder.path)/schema.sqlite"), schema: definition.schema, logger: hospital.log.logger())
        let server = try await Database.open(
            hospital.configuration.databases.database(of: service, dataFolder: hospital.folder.path), schema: definition.schema,
            logger: hospital.log.logger())
        #expect(try await Self.differences(file, server, Self.columnsOfSQLite, Self.columnsOfPostgres) == [])
        #expect(try await Self.differences(file, server, Self.indexesOfSQLite, Self.indexesOfPostgres) == [])
        await file.close()
        await server.close()
        withExtendedLifetime(hospital) {}
    }

    /// What only one of them has, but for what is known.
    private static func differences(_ file: Database, _ server: Database, _ ofFile: String, _ ofServer: String) async throws -> [String] {
        let there = try await file.read { try $0.rows(ofFile) { $0.text(0) } }
        let here = try await server.read { try $0.rows(ofServer) { $0.text(0) } }
        return Set(there).symmetricDifference(here).filter { name in !known.contains { name.hasPrefix($0) } }.sorted()
    }

    /// The index of names, what several processes of one service need, and a view.
    private static let known = ["name_grams", "patients_by_letter_pairs", "hms_leases", "hms_outbox.transaction_id", "hms_clock"]

    static let columnsOfSQLite = """
        SELECT t.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END
            || COALESCE(' DEFAULT ' || c.dflt_value, '')
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
        """

    static let columnsOfPostgres = """
        SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
            || COALESCE(' DEFAULT ' || split_part(column_default, '::', 1), '')
        FROM information_schema.columns WHERE table_schema = current_schema()
        """

    private static let indexesOfSQLite = """
        SELECT name || ' of ' || tbl_name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'
        """

    private static let indexesOfPostgres = """
        SELECT indexname || ' of ' || tablename FROM pg_indexes
        WHERE schemaname = current_schema()
            AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = indexname AND c.connamespace = current_schema()::regnamespace)
        """
}
