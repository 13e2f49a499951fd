import Logging

/// PostgreSQL behind ``StorageEngine``.
final class PostgresEngine {
    static func open(
        _ location: PostgresLocation, _ configuration: DatabaseConfiguration, schema: Schema, logger: Logger, _ outboxSignal: OutboxSignal
    ) async throws -> SQLiteEngine {
        throw StorageError.cannotOpen("\(location)")
    }
}

/// The rows that a statement was answered with, and the one that is being read.
final class PostgresRows {
    let columnCount = 0
    func isNull(_ column: Int) -> Bool { true }
    func integer(_ column: Int) -> Int64 { 0 }
    func real(_ column: Int) -> Double { 0 }
    func text(_ column: Int) -> String { "" }
    func blob(_ column: Int) -> [UInt8] { [] }
    func value(_ column: Int) -> SQLValue { .null }
}
