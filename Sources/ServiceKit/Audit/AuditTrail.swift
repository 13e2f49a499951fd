import Logging
import NIOCore
public import RPC
import Storage

/// Keeps what the contract wants audited: who read or changed what, from where, and how it ended.
///
/// The entry of a change is written in the change's own transaction, by ``commit(_:on:_:)``. Whatever else there is to keep, reads,
/// refusals and answers given again, is on the disk before the answer leaves. Where the disk is full a read is answered all the same,
/// because nobody may be left without his patient's record for want of room; the log says that it was not kept.
///
/// Not kept is what another service reads, for whoever made it read is kept there, and calls of which nobody knows who made them: such
/// have their line in the access log.
public struct AuditTrail: ServerInterceptor {
    private let scope: AuditScope
    private let database: Database
    private let logger: Logger

    public init(_ scope: AuditScope, database: Database, logger: Logger) {
        self.scope = scope
        self.database = database
        self.logger = logger
    }

    public func concerns(_ method: MethodDescriptor) -> Bool {
        method.audit && scope.covers(readOnly: method.idempotency == .readOnly)
    }

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        let record = AuditRecord()
        call.context.values[AuditRecord.self] = record
        let reply: ServerReply
        do {
            reply = try await next(call)
        } catch {
            await keepRefusal(error, record, of: call.context)
            throw error
        }
        guard !record.isCommitted, call.context.isKept else { return reply }
        let result = call.context.replyMetadata["idempotent-replayed"] == nil ? "OK" : "REPLAYED"
        try await keep(record.entry(of: call.context, result: result, answer: reply.payload.readableBytesView), call.context)
        return reply
    }

    private func keep(_ entry: AuditEntry, _ context: CallContext) async throws {
        do {
            try await database.write { try $0.record(entry) }
        } catch StorageError.full where entry.kind == .read {
            logger.error(
                "A read was not kept: the disk is full",
                metadata: ["method": "\(entry.method)", "caller": "\(entry.actor)", "correlation_id": "\(entry.correlationID)"])
        } catch {
            throw RPCError(mapping: error, deadline: context.deadline) ?? .internal
        }
    }

    /// The caller hears why he was refused, whether that could be kept or not. It is kept even if he hangs up.
    private func keepRefusal(_ error: any Error, _ record: AuditRecord, of context: CallContext) async {
        guard context.isKept, let error = error as? RPCError, context.method.isStreamed || error.isDecided else { return }
        let entry = record.entry(of: context, result: error.reason, answer: ByteBuffer().readableBytesView)
        let keeping = Task { [database] in try await database.write { try $0.record(entry) } }
        do {
            try await keeping.value
        } catch {
            logger.error(
                "A refusal was not kept",
                metadata: ["method": "\(entry.method)", "correlation_id": "\(entry.correlationID)", "error": "\(error)"])
        }
    }
}

extension CallContext {
    fileprivate var isKept: Bool {
        guard let principal else { return false }
        return principal.role != .service || method.idempotency != .readOnly
    }

    /// Tells the audit why the caller asks, where that is a field of the request.
    public func noteReason(_ reason: String) {
        values[AuditRecord.self]?.note(reason: reason)
    }

    /// Tells the audit which fields a change is about.
    public func noteChange(of fields: some Collection<String>) {
        values[AuditRecord.self]?.note(fields: fields.sorted())
    }
}

extension RPCError {
    /// Whether somebody was told yes or no; nothing was, where the service had no time or could not be reached.
    fileprivate var isDecided: Bool {
        switch code {
        case .unavailable, .resourceExhausted, .deadlineExceeded, .cancelled: false
        case .ok, .unknown, .internal, .dataLoss, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
            .aborted, .outOfRange, .unimplemented, .unauthenticated:
            true
        }
    }
}
