/// Gives every retried request the answer of its first.
///
/// `begin`, then the effect with ``Transaction/insert(_:)`` in one write, then `release()` of the claim.
public struct IdempotencyStore: Sendable {
    private let database: Database
    private let claims = IdempotencyClaims()

    /// One store per database and process: it knows what runs now.
    public init(_ database: Database) {
        self.database = database
    }

    public enum Beginning: Sendable {
        /// Nobody had this key: run the request.
        case first(IdempotencyClaim)
        /// Answer with this record.
        case replay(IdempotencyRecord)
        /// The first request under this key has not been answered yet.
        case inProgress
        /// The key belongs to another request.
        case reused
    }

    /// Finds out what a request under `key` is. Claims are taken before the record is looked up, so of any number of
    /// equal requests at once exactly one is first.
    public func begin(_ key: IdempotencyKey, fingerprint: [UInt8]) async throws -> Beginning {
        let (claim, holder) = claims.take(key, fingerprint)
        guard let claim else { return holder == fingerprint ? .inProgress : .reused }
        guard let record = try await find(key) else { return .first(claim) }
        claim.release()
        return record.fingerprint == fingerprint ? .replay(record) : .reused
    }

    public func find(_ key: IdempotencyKey) async throws -> IdempotencyRecord? {
        try await database.read { try $0.idempotencyRecord(key) }
    }

    /// Forgets records made before `instant` (UTC milliseconds) that are not kept for good; returns how many.
    @discardableResult
    public func purge(createdBefore instant: Int64) async throws -> Int {
        var purged = 0
        while true {
            let count = try await database.write { transaction in
                try transaction.execute(
                    """
                    DELETE FROM hms_idempotency WHERE (caller, method, key) IN
                        (SELECT caller, method, key FROM hms_idempotency WHERE keep_forever = 0 AND created_at < ? LIMIT ?)
                    """, [.integer(instant), SQLValue(purgeChunk)])
            }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}
