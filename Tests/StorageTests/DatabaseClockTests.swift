import Foundation
import Testing

@testable import Storage

/// The clock by which processes judge what others have written.
@Suite(.timeLimit(.minutes(1))) struct DatabaseClockTests {
    @Test func `it shows the time to the millisecond, and goes on within a transaction`() async throws {
        try await withDatabase { database in
            let before = Int64(Date.now.timeIntervalSince1970 * 1_000)
            let first = try await database.realTime()
            // One machine: the server's clock is that of the test.
            #expect(first >= before - 1)
            try await database.write { transaction in
                let start = try transaction.realTime()
                while try transaction.realTime() <= start + 2 {}
            }
            #expect(try await database.realTime() > first)
        }
    }

    @Test func `what one process writes by it another judges by the same, within one statement`() async throws {
        let holds: Schema = [
            Migration(version: 1, name: "holds", sql: "CREATE TABLE holds (name TEXT NOT NULL, expires_at BIGINT NOT NULL)")
        ]
        try await withDatabase(schema: holds) { database in
            try await database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO holds (name, expires_at) VALUES ('over', (SELECT milliseconds FROM hms_clock)),
                        ('running', (SELECT milliseconds FROM hms_clock) + 3600000)
                    """)
            }
            let left = try await database.texts("SELECT name FROM holds WHERE expires_at > (SELECT milliseconds FROM hms_clock)")
            #expect(left == ["running"])
        }
    }
}
