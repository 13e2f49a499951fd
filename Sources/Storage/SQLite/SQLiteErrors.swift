import Foundation
import GRDB
import GRDBSQLite

extension StorageError {
    /// The error of a step or a bind. SQLite's message may hold values (FTS5 quotes the query), so only the names in the
    /// messages of constraints are taken from it.
    init(stepCode: Int32, connection: OpaquePointer?) {
        let extended = connection.map { sqlite3_extended_errcode($0) } ?? stepCode
        switch extended & 0xff {
        case SQLITE_CONSTRAINT:
            self = .constraint(extended, connection)
        case SQLITE_ERROR:
            self = .failed(code: Int(extended))
        case SQLITE_IOERR where extended == SQLITE_IOERR_WRITE && Self.isOutOfRoom(connection):
            self = .full
        default:
            self = StorageError(code: extended)
        }
    }

    /// The error of preparing: nothing is bound yet, so the message speaks only of the SQL.
    init(prepareCode: Int32, connection: OpaquePointer?) {
        guard prepareCode & 0xff == SQLITE_ERROR, let connection else {
            self = StorageError(code: prepareCode)
            return
        }
        self = .invalidStatement(String(cString: sqlite3_errmsg(connection)))
    }

    /// A quota and a limit on the size of files are full disks too, though SQLite calls them failed ones. What the system
    /// said is remembered by the file to which nothing could be written: the log.
    private static func isOutOfRoom(_ connection: OpaquePointer?) -> Bool {
        var log: UnsafeMutablePointer<sqlite3_file>?
        var reason: Int32 = 0
        guard let connection, sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK, let log,
            let control = log.pointee.pMethods?.pointee.xFileControl, control(log, SQLITE_FCNTL_LAST_ERRNO, &reason) == SQLITE_OK
        else { return false }
        return [ENOSPC, EDQUOT, EFBIG].contains(reason)
    }

    init(code: Int32) {
        // The index of the log can only fail to grow for want of room.
        if code == SQLITE_IOERR_SHMSIZE {
            self = .full
            return
        }
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_INTERRUPT: self = .readBudgetExceeded
        case SQLITE_READONLY: self = .invalidStatement("a read can't write")
        case SQLITE_RANGE, SQLITE_MISUSE: self = .invalidStatement("misuse \(code)")
        default: self = .failed(code: Int(code))
        }
    }

    /// GRDB's error of opening or copying.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self = StorageError(code: error.extendedResultCode.rawValue)
        default: self = .failed(code: -1)
        }
    }

    private static func constraint(_ code: Int32, _ connection: OpaquePointer?) -> StorageError {
        let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? ""
        let detail = message.split(separator: ": ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        switch code {
        case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID:
            return UniqueIndex(detail, isPrimaryKey: code != SQLITE_CONSTRAINT_UNIQUE, connection).violation
        case SQLITE_CONSTRAINT_CHECK: return .checkViolation(name: detail)
        case SQLITE_CONSTRAINT_FOREIGNKEY: return .foreignKeyViolation
        case SQLITE_CONSTRAINT_NOTNULL: return .notNullViolation(column: detail)
        default: return .constraintViolation
        }
    }
}

// The extended codes are macros with arithmetic, which Swift does not import.
private let SQLITE_CONSTRAINT_CHECK = SQLITE_CONSTRAINT | (1 << 8)
private let SQLITE_CONSTRAINT_FOREIGNKEY = SQLITE_CONSTRAINT | (3 << 8)
private let SQLITE_CONSTRAINT_NOTNULL = SQLITE_CONSTRAINT | (5 << 8)
private let SQLITE_CONSTRAINT_PRIMARYKEY = SQLITE_CONSTRAINT | (6 << 8)
private let SQLITE_CONSTRAINT_UNIQUE = SQLITE_CONSTRAINT | (8 << 8)
private let SQLITE_CONSTRAINT_ROWID = SQLITE_CONSTRAINT | (10 << 8)
private let SQLITE_IOERR_WRITE = SQLITE_IOERR | (3 << 8)
private let SQLITE_IOERR_SHMSIZE = SQLITE_IOERR | (19 << 8)
