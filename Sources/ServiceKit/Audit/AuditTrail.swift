import Logging
import NIOCore
public import RPC
import Storage

/// Keeps what the contract wants audited: who read or changed what, from where, and how it ended.
///
/// The entry of a change is written in the change's own transaction, by ``commit(_:on:_:)``. Refusals, answers given again and reads
/// are on the disk before the answer leaves, many of them in one commit; reads a little later where ``AuditOfReads/buffered`` says so.
/// Where the disk is full a read is answered all the same, because nobody may be left without his patient's record for want of room;
/// the log says that it was not kept.
///
/// Emergency access is kept whatever the scope says. Not kept is what another service reads, for whoever made it read is kept there,
/// and calls of which nobody knows who made them: such have their line in the access log.
public final class AuditTrail: ServerReview {
    private let scope: AuditScope
    private let writes: AuditWrites
    private let buffer: AuditBuffer?
    private let logger: Logger

    /// - Parameter buffer: where reads wait for the disk together; nil: each is on the disk before it is answered.
    init(_ scope: AuditScope, database: Database, buffer: AuditBuffer? = nil, logger: Logger) {
        self.scope = scope
        writes = AuditWrites(database)
        self.buffer = buffer
        self.logger = logger
    }

    public func concerns(_ method: MethodDescriptor) -> Bool {
        method.audit && (isCovered(method) || method.treatment)
    }

    public func enter(_ call: ServerCall) -> Bool {
        call.context.values[AuditRecord.self] = AuditRecord()
        return true
    }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard let record = call.context.values[AuditRecord.self], let entry = entry(of: call.context, record, outcome) else { return }
        if entry.kind == .read, entry.result == AuditEntry.answered, buffer?.take(entry) == true { return }
        record.setPending(entry)
    }

    public func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool {
        call.context.values[AuditRecord.self]?.isPending == true
    }

    public func review(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) async {
        guard let entry = call.context.values[AuditRecord.self]?.takePending() else { return }
        guard case .success = outcome else { return await keepRefusal(entry) }
        do {
            try await keep(entry, call.context)
        } catch {
            outcome = .failure(error)
        }
    }

    private func isCovered(_ method: MethodDescriptor) -> Bool {
        scope.covers(readOnly: method.idempotency == .readOnly)
    }

    /// What there is to keep of a call that has ended; nil where that is nothing, or was kept with the change.
    private func entry(
        of context: CallContext, _ record: AuditRecord, _ outcome: Result<ServerReply, any Error>
    ) -> AuditEntry? {
        guard !record.isCommitted, context.isKept, isCovered(context.method) || record.isEmergency else { return nil }
        switch outcome {
        case .success(let reply):
            let isReplay = context.replyMetadata["idempotent-replayed"] != nil
            let result = record.isEmergency ? AuditEntry.emergency : isReplay ? AuditEntry.replayed : AuditEntry.answered
            return record.entry(of: context, result: result, answer: reply.payload.readableBytesView)
        case .failure(let error as RPCError) where context.method.isStreamed || error.isDecided:
            return record.entry(of: context, result: error.reason, answer: ByteBuffer().readableBytesView)
        case .failure: return nil
        }
    }

    private func keep(_ entry: AuditEntry, _ context: CallContext) async throws {
        do {
            try await writes.keep(entry)
        } catch StorageError.full where entry.kind == .read {
            logger.error(
                "A read was not kept: the disk is full",
                metadata: ["method": "\(entry.method)", "caller": "\(entry.actor)", "correlation_id": "\(entry.correlationID)"])
        } catch {
            throw RPCError(mapping: error, deadline: context.deadline) ?? .internal
        }
    }

    /// The caller hears why he was refused, whether that could be kept or not.
    private func keepRefusal(_ entry: AuditEntry) async {
        do {
            try await writes.keep(entry)
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

    /// Tells the audit which fields a change is about, should it be refused.
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
