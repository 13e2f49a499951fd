import RPC
import Storage
import Synchronization

/// What a call with an idempotency key carries to ``commit(_:on:_:)``.
final class IdempotencyScope: ContextKey, Sendable {
    typealias Value = IdempotencyScope

    let key: IdempotencyKey
    /// SHA-256 of the encoded request.
    let fingerprint: [UInt8]
    private let keptForGood: Bool
    private let now: Int64
    private let answer = Mutex<[UInt8]?>(nil)

    init(key: IdempotencyKey, fingerprint: [UInt8], keptForGood: Bool, now: Int64) {
        self.key = key
        self.fingerprint = fingerprint
        self.keptForGood = keptForGood
        self.now = now
    }

    /// The answer that is on record since it was committed.
    var recordedAnswer: [UInt8]? {
        get { answer.withLock { $0 } }
        set { answer.withLock { $0 = newValue } }
    }

    /// - Parameter seal: closes an answer that holds a secret, where it has a key.
    func record(of response: [UInt8], closedBy seal: SecretSeal? = nil) throws -> IdempotencyRecord {
        let sealed = try seal?.close(response, for: Self.place(of: key))
        return IdempotencyRecord(
            key: key, fingerprint: fingerprint, status: sealed == nil ? Int(StatusCode.ok.rawValue) : IdempotencyRecord.sealed,
            response: sealed.map { Array($0.utf8) } ?? response, createdAt: now, keepForever: keptForGood)
    }

    /// What it was at first.
    ///
    /// - Throws: ``SealError``, ``FileError`` where it is closed and can't be opened.
    static func answer(in record: IdempotencyRecord, openedBy seal: SecretSeal?) throws -> [UInt8] {
        guard record.status == IdempotencyRecord.sealed else { return record.response }
        guard let seal else { throw SealError.damaged }
        return try seal.open(String(decoding: record.response, as: UTF8.self), of: place(of: record.key))
    }

    private static func place(of key: IdempotencyKey) -> String { "answer of \(key.method) to \(key.caller)" }
}
