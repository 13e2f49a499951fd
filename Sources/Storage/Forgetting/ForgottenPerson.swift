/// Somebody of whom a database was told to forget who he was. His id stays, as the pseudonym of what is kept of him.
public struct ForgottenPerson: Hashable, Sendable {
    public let id: String
    /// By the hospital's clock, in UTC milliseconds.
    public let forgottenAt: Int64
    /// By the database's clock, in UTC milliseconds: when this database heard of it.
    public let toldAt: Int64
    public let stage: ErasureStage

    /// - Parameter stage: ``ErasureStage/told`` where he is still to be told of.
    public init(id: String, forgottenAt: Int64, toldAt: Int64 = 0, stage: ErasureStage = .told) {
        self.id = id
        self.forgottenAt = forgottenAt
        self.toldAt = toldAt
        self.stage = stage
    }
}

/// How far the erasure of a person has come in one database.
public enum ErasureStage: Int, Sendable {
    /// No row has his data any more. Free pages and the log may.
    case told = 0
    /// Nor do they. A call that was under way when he was forgotten may have stored something since.
    case scrubbed = 1
    /// Nor has any such call.
    case settled = 2
}

extension Reader {
    /// Those whose erasure is not settled, in the order in which it was heard of.
    public func unsettledForgottenPeople() throws -> [ForgottenPerson] {
        try rows(
            "SELECT person_id, forgotten_at, told_at, stage FROM hms_forgotten WHERE stage < 2 ORDER BY told_at", [], ForgottenPerson.init)
    }

    /// Whether somebody was forgotten here.
    public func isForgotten(_ personID: String) throws -> Bool {
        try row("SELECT 1 FROM hms_forgotten WHERE person_id = ?", [.text(personID)]) { _ in true } ?? false
    }

    /// Everybody who was ever forgotten here.
    ///
    /// - Parameter service: the schema, where databases stand side by side; nil for the reader's own database.
    public func forgottenPeople(of service: String? = nil) throws -> [ForgottenPerson] {
        let table = service.map { "\($0).hms_forgotten" } ?? "hms_forgotten"
        return try rows("SELECT person_id, forgotten_at, told_at, stage FROM \(table) ORDER BY person_id", [], ForgottenPerson.init)
    }
}

extension Transaction {
    /// Keeps that a person was forgotten. Hearing of it again changes nothing.
    public func noteForgotten(_ personID: String, at forgottenAt: Int64) throws {
        try enqueue(
            """
            INSERT INTO hms_forgotten (person_id, forgotten_at, told_at, stage)
            VALUES (?, ?, (SELECT milliseconds FROM hms_clock), 0) ON CONFLICT (person_id) DO NOTHING
            """, [.text(personID), .integer(forgottenAt)])
    }

    /// Keeps how far his erasure has come.
    public func note(_ stage: ErasureStage, of personID: String) throws {
        try enqueue("UPDATE hms_forgotten SET stage = ? WHERE person_id = ?", [SQLValue(stage.rawValue), .text(personID)])
    }

    /// Empties the stored answers that name a record by its id. Of their keys, which clients may have typed a name into, digests stay:
    /// whoever repeats such a request is told that its answer is no longer kept, and nothing is done twice.
    ///
    /// - Returns: how many had one.
    public func forgetAnswers(naming id: String) throws -> Int {
        let place = dialect == .sqlite ? "instr(response, ?)" : "position(? IN response)"
        let keys = try rows("SELECT caller, method, key FROM hms_idempotency WHERE \(place) > 0", [.blob(Array(id.utf8))]) { row in
            IdempotencyKey(caller: row.text(0), method: row.text(1), key: row.text(2))
        }
        for key in keys {
            try execute(
                "UPDATE hms_idempotency SET status = ?, response = ?, key = ? WHERE caller = ? AND method = ? AND key = ?",
                [
                    SQLValue(IdempotencyRecord.forgotten), .blob([]), .text(key.digested.key), .text(key.caller), .text(key.method),
                    .text(key.key),
                ])
        }
        return keys.count
    }

    /// Keeps the digest of a key in its place, and the answer as it is.
    public func forgetKey(_ key: IdempotencyKey) throws {
        try execute(
            "UPDATE hms_idempotency SET key = ? WHERE caller = ? AND method = ? AND key = ?",
            [.text(key.digested.key), .text(key.caller), .text(key.method), .text(key.key)])
    }
}

extension ForgottenPerson {
    fileprivate init(_ row: borrowing Row) {
        self.init(
            id: row.text(0), forgottenAt: row.int64(1), toldAt: row.int64(2), stage: ErasureStage(rawValue: row.int(3)) ?? .told)
    }
}
