import Logging
import NIOCore
public import RPC
import Storage

/// Keeps what the contract wants audited: who read or changed what, from where, and how it ended.
///
/// The entry of a change is written in the change's own transaction, by ``commit(_:on:_:)``. Refusals, answers given again and reads
/// are on the disk before the answer leaves, many of them in one commit; reads only in a file that outlives the process where
/// ``AuditOfReads/buffered`` says so, and on the disk a moment later.
/// Where the disk is full a read is answered all the same, because nobody may be left without his patient's record for want of room;
/// the log says that it was not kept.
///
/// Emergency access is kept whatever the scope says. Not kept is what another service reads, for whoever made it read is kept there,
/// and calls of which nobody knows who made them: such have their line in the access log.
public final class AuditTrail: ServerHold {
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

    /// What is only read has a record once there is something to note: mostly there is nothing.
    public func enter(_ call: ServerCall) -> Bool {
        if call.context.method.idempotency != .readOnly { call.context.values[AuditRecord.self] = AuditRecord() }
        return true
    }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard let entry = entry(of: call.context, call.context.values[AuditRecord.self], outcome) else { return }
        if entry.isAnsweredRead, buffer?.take(entry) == true { return }
        call.context.auditRecord.setPending(entry)
    }

    public func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool {
        call.context.values[AuditRecord.self]?.isPending == true
    }

    public func hold(
        _ call: ServerCall, _ outcome: Result<ServerReply, any Error>, then: @escaping @Sendable (Result<ServerReply, any Error>) -> Void
    ) {
        guard let entry = call.context.values[AuditRecord.self]?.takePending() else { return then(outcome) }
        writes.keep(entry) { [self] kept in
            guard case .failure(let error) = kept else { return then(outcome) }
            then(unkept(entry, because: error, call.context, outcome))
        }
    }

    private func isCovered(_ method: MethodDescriptor) -> Bool {
        scope.covers(readOnly: method.idempotency == .readOnly)
    }

    /// What there is to keep of a call that has ended; nil where that is nothing, or was kept with the change.
    private func entry(
        of context: CallContext, _ record: AuditRecord?, _ outcome: Result<ServerReply, any Error>
    ) -> AuditEntry? {
        let notes = record?.notes ?? AuditNotes()
        guard !notes.isCommitted, context.isKept, isCovered(context.method) || notes.isEmergency else { return nil }
        switch outcome {
        case .success(let reply):
            let isReplay = context.method.idempotency != .readOnly && context.replyMetadata["idempotent-replayed"] != nil
            let result = notes.isEmergency ? AuditEntry.emergency : isReplay ? AuditEntry.replayed : AuditEntry.answered
            return notes.entry(of: context, result: result, answer: reply.payload.readableBytesView)
        case .failure(let error as RPCError) where context.method.isStreamed || error.isDecided:
            return notes.entry(of: context, result: error.reason, answer: ByteBuffer().readableBytesView)
        case .failure: return nil
        }
    }

    /// How a call is answered whose entry could not be kept.
    private func unkept(
        _ entry: AuditEntry, because error: any Error, _ context: CallContext, _ outcome: Result<ServerReply, any Error>
    ) -> Result<ServerReply, any Error> {
        guard case .success = outcome else {
            // The caller hears why he was refused, whether that could be kept or not.
            logger.error("A refusal was not kept", metadata: entry.logMetadata(["error": "\(error)"]))
            return outcome
        }
        if entry.kind == .read, case StorageError.full = error {
            logger.error("A read was not kept: the disk is full", metadata: entry.logMetadata())
            return outcome
        }
        return .failure(RPCError(mapping: error, deadline: context.deadline) ?? .internal)
    }
}

extension CallContext {
    fileprivate var isKept: Bool {
        guard let principal else { return false }
        return principal.role != .service || method.idempotency != .readOnly
    }

    /// Where there is something to note of a call that only reads.
    var auditRecord: AuditRecord {
        if let known = values[AuditRecord.self] { return known }
        let record = AuditRecord()
        values[AuditRecord.self] = record
        return record
    }

    /// Tells the audit why the caller of a change asks, where that is a field of the request.
    public func noteReason(_ reason: String) {
        values[AuditRecord.self]?.note { $0.reason = reason }
    }

    /// Tells the audit which fields a change is about, should it be refused.
    public func noteChange(of fields: some Collection<String>) {
        let names = fields.sorted()
        values[AuditRecord.self]?.note { $0.fields = names }
    }
}

extension AuditEntry {
    /// What the log says of a call that was not kept.
    func logMetadata(_ more: Logger.Metadata = [:]) -> Logger.Metadata {
        ["method": "\(method)", "caller": "\(actor)", "correlation_id": "\(correlationID)"].merging(more) { $1 }
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
