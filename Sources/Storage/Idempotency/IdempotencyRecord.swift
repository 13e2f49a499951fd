import Crypto
import FoundationEssentials

/// Which request of whom: the scope of a client's retry token.
public struct IdempotencyKey: Hashable, Sendable {
    public let caller: String
    public let method: String
    public let key: String

    public init(caller: String, method: String, key: String) {
        self.caller = caller
        self.method = method
        self.key = key
    }

    private static let digestMark = "sha256:"

    /// The same with the digest of the client's token in its place, which is all that is kept of one that may name somebody who was
    /// forgotten. The digest of a digest is itself.
    public var digested: IdempotencyKey {
        guard !key.hasPrefix(Self.digestMark) else { return self }
        let digest = SHA256.hash(data: Data(key.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return IdempotencyKey(caller: caller, method: method, key: Self.digestMark + digest)
    }
}

/// The first answer to a request, kept to be given again.
public struct IdempotencyRecord: Hashable, Sendable {
    public let key: IdempotencyKey
    /// Digest of the request: the same key with another request is refused.
    public let fingerprint: [UInt8]
    public let status: Int
    public let response: [UInt8]
    /// UTC milliseconds.
    public let createdAt: Int64
    /// The ``status`` of an answer that told of somebody who was forgotten: it is empty, and never given again.
    public static let forgotten = -1
    /// The ``status`` of an answer that holds a secret: it is closed by a key that is not in the database.
    public static let sealed = -2
    /// Payments' records are never purged.
    public let keepForever: Bool

    public init(key: IdempotencyKey, fingerprint: [UInt8], status: Int, response: [UInt8], createdAt: Int64, keepForever: Bool) {
        self.key = key
        self.fingerprint = fingerprint
        self.status = status
        self.response = response
        self.createdAt = createdAt
        self.keepForever = keepForever
    }
}

/// The key has a record already: another request with it was faster. Nothing of this write was kept; read the record.
public struct IdempotencyKeyTaken: Error, Hashable, Sendable {
    public init() {}
}

extension Reader {
    /// The first answer given under `key`, if it is still kept: under the key itself, or under its digest where somebody was forgotten.
    public func idempotencyRecord(_ key: IdempotencyKey) throws -> IdempotencyRecord? {
        try record(under: key) ?? record(under: key.digested)
    }

    private func record(under key: IdempotencyKey) throws -> IdempotencyRecord? {
        try row(
            """
            SELECT fingerprint, status, response, created_at, keep_forever
            FROM hms_idempotency WHERE caller = ? AND method = ? AND key = ?
            """, [.text(key.caller), .text(key.method), .text(key.key)]
        ) { row in
            IdempotencyRecord(
                key: key, fingerprint: row.blob(0), status: row.int(1), response: row.blob(2), createdAt: row.int64(3),
                keepForever: row.bool(4))
        }
    }
}

extension Transaction {
    /// Keeps the answer in the transaction of its effect, so that both exist or neither.
    ///
    /// - Throws: ``IdempotencyKeyTaken``; let it undo the write.
    public func insert(_ record: IdempotencyRecord) throws {
        do {
            try execute(
                """
                INSERT INTO hms_idempotency (caller, method, key, fingerprint, status, response, created_at, keep_forever)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(record.key.caller), .text(record.key.method), .text(record.key.key), .blob(record.fingerprint),
                    SQLValue(record.status), .blob(record.response), .integer(record.createdAt), SQLValue(record.keepForever),
                ])
        } catch StorageError.uniqueViolation {
            throw IdempotencyKeyTaken()
        }
    }
}
