/// What can go wrong between a service and its database.
///
/// No case carries a bound value or a stored one: they may be personal data, and errors are logged.
public enum StorageError: Error, Hashable, Sendable {
    /// A unique index or key already holds this row. `index` is the index's name as the schema gives it; a primary key
    /// is `<table>_pkey` and an unnamed `UNIQUE` is `<table>_<columns>_key`, on every engine.
    case uniqueViolation(index: String, columns: [String])
    /// A `CHECK` said no; `name` is the constraint's name, or its expression where it has none.
    case checkViolation(name: String)
    case foreignKeyViolation
    case notNullViolation(column: String)
    /// Another constraint, for example a trigger's `RAISE`.
    case constraintViolation

    /// The engine could not get a lock in time; the call may be repeated.
    case busy
    /// The disk is full. Nothing of the write was kept.
    case full
    /// The file is damaged. Writes are refused until a person has looked at it.
    case corrupt
    /// The disk or the engine failed; `code` is the engine's own number for it.
    case failed(code: Int)

    /// The server of the database can't be reached, or broke the connection before the commit. Nothing was kept; the call may be
    /// repeated later.
    case unreachable
    /// The connection broke while the commit was on its way: whether the write was kept is not known. It must not be repeated
    /// but by whoever can tell, as a request under its idempotency key can.
    case outcomeUnknown
    /// The server refused for a reason of its own; `state` is its SQLSTATE.
    case serverFailed(state: String)

    /// More work waits than the bound allows; nothing was started, the call may be repeated later.
    case overloaded
    /// The database is closing or closed.
    case closed
    /// A read used more work than it was given.
    case readBudgetExceeded

    /// The statement is wrong, or used wrongly: a mistake in the program.
    case invalidStatement(String)
    /// A column held NULL or another type where the program asked for a value.
    case unexpectedValue(column: String)

    /// The engine has no such thing; the text says what to use instead.
    case unsupported(String)

    /// Another process (or another `Database` of this one) has the file; `holder` is its process id where known.
    case locked(path: String, holder: Int32?)
    /// The file was found damaged when it was opened.
    case damaged(path: String)
    /// The file can't be opened, because the disk has no room for what that takes.
    case noRoom(path: String)
    /// The file can't be opened as it must be.
    case cannotOpen(String)
    /// The engine would not promise that an acknowledged write survives a power cut.
    case notDurable(String)
    /// The schema in the file and the migrations of the program do not belong together.
    case migration(String)
    /// `check()` or the check of a backup found damage.
    case integrity([String])
}

extension StorageError {
    /// A statement of the transaction has failed before, and its error was caught.
    static let doomed = StorageError.invalidStatement("a statement of this transaction failed before; what may fail belongs in an attempt")
}

/// What people are told, and what they can do.
extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .uniqueViolation(let index, let columns): "unique violation of \(index) (\(columns.joined(separator: ", ")))"
        case .checkViolation(let name): "check violation of \(name)"
        case .foreignKeyViolation: "foreign key violation"
        case .notNullViolation(let column): "not null violation of \(column)"
        case .constraintViolation: "constraint violation"
        case .busy: "the database is busy"
        case .full: "the disk is full: nothing can be stored until there is room"
        case .corrupt: "the database is damaged; \(Self.remedy)"
        case .failed(let code): "the database or its disk failed with SQLite's code \(code)"
        case .unreachable: "the server of the database can't be reached"
        case .outcomeUnknown: "the connection broke while the commit was on its way: whether it was kept is not known"
        case .serverFailed(let state): "the server of the database failed with SQLSTATE \(state)"
        case .overloaded: "too many writes wait"
        case .closed: "the database is closed"
        case .readBudgetExceeded: "a read took too much work"
        case .invalidStatement(let reason): "invalid statement: \(reason)"
        case .unexpectedValue(let column): "unexpected value in \(column)"
        case .unsupported(let reason): "not with this database: \(reason)"
        case .locked(let path, let holder): "\(path) is in use by \(holder.map { "process \($0)" } ?? "another process")"
        case .damaged(let path): "\(path) is damaged; \(Self.remedy)"
        case .noRoom(let path): "\(path) can't be opened: its disk is full; make room and start again"
        case .cannotOpen(let reason): "can't open \(reason)"
        case .notDurable(let reason): "not durable: \(reason)"
        case .migration(let reason): "the schema does not fit: \(reason)"
        case .integrity(let faults): "damage was found: \(faults.joined(separator: "; "))"
        }
    }

    private static let remedy =
        "stop the hospital, put a backup in the place of the file, remove the -wal and -shm beside it, and start again; “hms check” looks at what is there"
}
