/// Why a statement was not answered with rows, as its SQLSTATE says.
struct PostgresFailure: Error {
    let error: StorageError
    /// Whether the whole transaction may be repeated: it met another one, and nothing of it was kept.
    var isContention = false
    /// Whether a write was not allowed: in a read, or because the server has become a standby.
    var isReadOnly = false
    /// Whether the connection is of no use any more.
    var endsConnection = false
}

extension PostgresFailure {
    /// The connection broke, or the server takes it for broken.
    static let lost = PostgresFailure(error: .unreachable, endsConnection: true)

    /// - Parameters:
    ///   - state: the SQLSTATE.
    ///   - fields: the names that belong to it. Neither the detail nor, but for mistakes in the statement itself, the message is
    ///     among them: they may hold values.
    ///   - uniqueIndexes: the columns of each unique index, by its name.
    init(state: String, _ fields: PostgresErrorFields, _ uniqueIndexes: [String: [String]]) {
        switch state {
        case "40001", "40P01": self.init(error: .busy, isContention: true)
        case "55P03": self.init(error: .busy)
        // A plan that another process's migration has made wrong.
        case "0A000": self = .lost
        case "25006": self.init(error: .invalidStatement("a read can't write"), isReadOnly: true)
        case "25P02": self.init(error: .doomed)
        case "57014": self.init(error: .readBudgetExceeded)
        default: self.init(kind: state.prefix(2), state, fields, uniqueIndexes)
        }
    }

    private init(kind: Substring, _ state: String, _ fields: PostgresErrorFields, _ uniqueIndexes: [String: [String]]) {
        switch kind {
        case "08", "57": self = .lost
        case "23", "P0": self.init(error: .violation(state, fields, uniqueIndexes))
        case "42": self.init(error: .invalidStatement(fields.message))
        case "53": self.init(error: state == "53100" ? .full : state == "53300" ? .unreachable : .overloaded)
        case "XX" where state != "XX000": self.init(error: .corrupt)
        default: self.init(error: .serverFailed(state: state))
        }
    }
}

/// The names in an error of the server.
struct PostgresErrorFields {
    var message = ""
    var table = ""
    var column = ""
    var constraint = ""
}

extension StorageError {
    fileprivate static func violation(_ state: String, _ fields: PostgresErrorFields, _ uniqueIndexes: [String: [String]]) -> StorageError {
        switch state {
        case "23505": .uniqueViolation(index: fields.constraint, columns: uniqueIndexes[fields.constraint] ?? [])
        case "23514": .checkViolation(name: fields.constraint)
        case "23503": .foreignKeyViolation
        case "23502": .notNullViolation(column: "\(fields.table).\(fields.column)")
        default: .constraintViolation
        }
    }
}
