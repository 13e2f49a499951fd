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

    func record(of response: [UInt8]) -> IdempotencyRecord {
        IdempotencyRecord(
            key: key, fingerprint: fingerprint, status: Int(StatusCode.ok.rawValue), response: response, createdAt: now,
            keepForever: keptForGood)
    }
}
