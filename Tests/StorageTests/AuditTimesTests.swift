import SeededRandom
import Testing

@testable import Storage

/// Where in an audit a time is, found without a look at all of it.
@Suite(.timeLimit(.minutes(10))) struct AuditTimesTests {
    private static let noon: Int64 = 1_900_000_000_000
    private static let hour: Int64 = 3_600_000

    private func record(_ times: [Int64], in database: Database) async throws {
        try await database.write { transaction in
            for time in times {
                try transaction.record(
                    AuditEntry(recordedAt: time, actor: "anna", role: "", address: "", correlationID: "", method: "m", kind: .change))
            }
        }
    }

    private func end(_ database: Database, before instant: Int64) async throws -> Int64? {
        try await database.read { try $0.auditEnd(recordedBefore: instant) }?.sequence
    }

    @Test func `where nothing is recorded, or nothing later, there is no end`() async throws {
        try await withDatabase { database in
            #expect(try await end(database, before: Self.noon) == nil)
            try await record([Self.noon, Self.noon + 1], in: database)
            #expect(try await end(database, before: Self.noon + 2) == nil)
            #expect(try await end(database, before: .max) == nil)
        }
    }

    @Test func `where all is later the first is the end`() async throws {
        try await withDatabase { database in
            try await record([Self.noon, Self.noon + 1], in: database)
            #expect(try await end(database, before: Self.noon - Self.hour) == 1)
            #expect(try await end(database, before: Self.noon - Self.hour + 1) == nil)
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `nothing behind the end was recorded before, and what is just before it was not recorded much later`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        // One a minute, for ten hours, each up to five minutes late, and some clock that stood wrong for a moment.
        var times = (0..<600).map { Self.noon + Int64($0) * 60_000 + Int64.random(in: 0...300_000, using: &random) }
        times[Int.random(in: 0..<600, using: &random)] += 100 * Self.hour
        let instants = (0..<20).map { _ in Self.noon + Int64.random(in: -Self.hour...11 * Self.hour, using: &random) }
        try await withDatabase { [times] database in
            try await record(times, in: database)
            for instant in instants {
                let end = Int(try await end(database, before: instant) ?? 601)
                #expect(times[(end - 1)...].allSatisfy { $0 >= instant }, "\(instant)")
                // Of the last ones before the end, some was recorded within the hour that clocks may stand wrong.
                let last = times[..<(end - 1)].suffix(10)
                let (limit, earliest) = (instant + Self.hour + 300_000, last.min() ?? .min)
                #expect(earliest <= limit, "\(instant)")
            }
        }
    }
}
