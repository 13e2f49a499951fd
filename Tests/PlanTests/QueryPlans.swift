import Foundation
import GRDBSQLite

/// The plans that SQLite makes of statements over one database, as people read them.
struct QueryPlans {
    private let connection: OpaquePointer

    init(databaseAt path: String) throws {
        var connection: OpaquePointer?
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let connection else {
            throw PlanError(description: "can't open \(path)")
        }
        self.connection = connection
    }

    func close() {
        sqlite3_close(connection)
    }

    /// One line a step, each indented below the one that it belongs to.
    func plan(of sql: String) throws -> [String] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, "EXPLAIN QUERY PLAN " + sql, -1, &statement, nil) == SQLITE_OK else {
            throw PlanError(description: "\(String(cString: sqlite3_errmsg(connection))): \(sql)")
        }
        defer { sqlite3_finalize(statement) }
        var depths: [Int32: Int] = [0: 0]
        var lines: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            let depth = (depths[sqlite3_column_int(statement, 1)] ?? 0) + 1
            depths[sqlite3_column_int(statement, 0)] = depth
            let detail = sqlite3_column_text(statement, 3).map { String(cString: $0) } ?? ""
            lines.append(String(repeating: "    ", count: depth) + detail)
        }
        return lines
    }
}

struct PlanError: Error, CustomStringConvertible {
    let description: String
}
