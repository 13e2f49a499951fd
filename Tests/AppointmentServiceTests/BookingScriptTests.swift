import Foundation
import HMSTestKit
import ServiceKit
import Storage
import Testing

/// What is compared with pgbench is what a booking does.
@Suite(.timeLimit(.minutes(2)), .enabled(if: !TestHospital.isOnSQLite, "HMS_TEST_POSTGRES names no server")) struct BookingScriptTests {
    @Test func `pgbench runs the statements of a booking, in their order`() async throws {
        try await withAppointments { hospital in
            let database = hospital.service.resources.database
            let before = try await Set(prepared(database))
            _ = try await hospital.book()
            let script = try script()
            let (begin, commit) = (try #require(script.first), try #require(script.last))
            let all = try await prepared(database)
            #expect(all.contains(begin) && all.contains(commit))
            let between = all.filter { !before.contains($0) && $0 != begin && $0 != commit }
            #expect(between == Array(script.dropFirst().dropLast()))
        }
    }

    /// What the one connection that is wanted has prepared, in the order in which it was asked.
    private func prepared(_ database: Database) async throws -> [String] {
        try await database.read { reader in
            try reader.rows("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, substr(name, 2)::BIGINT") { row in
                row.text(0).replacing(/\$[0-9]+/, with: "?").split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
    }

    /// pgbench can't bind NULL, and says it.
    private func script() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "deploy/postgres/booking.sql"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("--") && !$0.hasPrefix("\\") }
            .map { String($0).replacing(/;$/, with: "").replacing(/:[a-z]+/, with: "?").replacing(/\bNULL\b/, with: "?") }
    }
}
