import Crypto
import NIOCore
public import RPC
public import Storage
import Vocabulary

/// Gives a request that is sent again under the same key the answer of the first time (payment rule 1).
public struct IdempotencyKeys: ServerInterceptor {
    private let database: Database
    private let store: IdempotencyStore
    private let seal: SecretSeal?

    /// One for a database and process: it knows which keys are being worked on.
    ///
    /// - Parameter seal: opens answers that hold secrets; nil where none does.
    public init(database: Database, seal: SecretSeal? = nil) {
        self.database = database
        self.seal = seal
        store = IdempotencyStore(database)
    }

    /// What only reads takes no key, and answers anew.
    public func concerns(_ method: MethodDescriptor) -> Bool {
        method.idempotency != .readOnly
    }

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        guard let key = try Self.key(of: call.context) else { return try await next(call) }
        let fingerprint = call.payload.withUnsafeReadableBytes { Array(SHA256.hash(data: $0)) }
        switch try await store.begin(key, fingerprint: fingerprint) {
        case .first(let claim):
            defer { claim.release() }
            return try await answerFirst(call, key, fingerprint, next: next)
        case .replay(let record): return try replay(record, to: call.context)
        case .inProgress: throw Self.inProgress
        case .reused: throw Self.reused
        }
    }

    private func answerFirst(
        _ call: ServerCall, _ key: IdempotencyKey, _ fingerprint: [UInt8], next: (ServerCall) async throws -> ServerReply
    ) async throws -> ServerReply {
        let scope = IdempotencyScope(
            key: key, fingerprint: fingerprint, keptForGood: call.context.method.idempotency == .keyRequired,
            now: SystemTime.millisecondsSinceEpoch())
        call.context.values[IdempotencyScope.self] = scope
        do {
            var reply = try await next(call)
            reply.payload = ByteBuffer(bytes: try await recordedAnswer(scope, orElse: reply.payload))
            return reply
        } catch is IdempotencyKeyTaken {
            return try await answerOfWinner(key, fingerprint, call.context)
        } catch  where database.isShared {
            // What another process has done under this key may be why it is refused here: that the slot is taken.
            guard let record = try await store.find(key), record.fingerprint == fingerprint else { throw error }
            return try replay(record, to: call.context)
        }
    }

    /// The bytes on record. A handler that had nothing to commit has its answer recorded here.
    private func recordedAnswer(_ scope: IdempotencyScope, orElse payload: ByteBuffer) async throws -> [UInt8] {
        if let answer = scope.recordedAnswer { return answer }
        let answer = Array(payload.readableBytesView)
        try await database.write { try $0.insert(scope.record(of: answer)) }
        return answer
    }

    /// Another process has committed under this key in the meantime: its answer counts.
    private func answerOfWinner(_ key: IdempotencyKey, _ fingerprint: [UInt8], _ context: CallContext) async throws -> ServerReply {
        guard let record = try await store.find(key) else { throw Self.inProgress }
        guard record.fingerprint == fingerprint else { throw Self.reused }
        return try replay(record, to: context)
    }

    private func replay(_ record: IdempotencyRecord, to context: CallContext) throws -> ServerReply {
        if record.status == IdempotencyRecord.forgotten {
            throw Rejection(.patientInactive, "The first answer told of a patient who was forgotten, and is no longer kept.")
        }
        let answer = try IdempotencyScope.answer(in: record, openedBy: seal)
        context.noteReplay()
        return ServerReply(payload: ByteBuffer(bytes: answer))
    }
}

extension IdempotencyKeys {
    /// The key of a call; nil where there is none.
    private static func key(of context: CallContext) throws -> IdempotencyKey? {
        let isRequired = context.method.idempotency == .keyRequired
        guard let text = context.metadata[MetadataName.idempotencyKey] else {
            if isRequired { throw Rejection(.idempotencyKeyRequired, "This request needs an idempotency key.") }
            return nil
        }
        guard isValid(text) else {
            throw RPCError.invalidArgument("The idempotency key must be 1 to 255 printable ASCII characters.")
        }
        return IdempotencyKey(caller: caller(context.principal), method: context.method.name, key: text)
    }

    static func isValid(_ key: String) -> Bool {
        (1...255).contains(key.utf8.count) && key.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func caller(_ principal: Principal?) -> String {
        guard let principal else { return "" }
        return "\(CallerRole(principal.role)?.rawValue ?? ""):\(principal.subject)"
    }

    private static let reused = RPCError(
        Rejection(.idempotencyKeyReused, "The idempotency key was used for another request."))

    private static var inProgress: RPCError {
        var error = RPCError(Rejection(.idempotencyInProgress, "The first request with this idempotency key is still running."))
        error.retryAfter = .seconds(1)
        return error
    }
}
