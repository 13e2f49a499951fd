public import ProtobufC
public import RPC
public import Storage

/// Runs a use case's one write. Where the call has an idempotency key, the answer is recorded in the same transaction,
/// so that effect and record exist together or not at all. So is the entry of a call that is audited, with the names of the fields
/// that change.
///
/// What `body` returns is the answer of the call. As every write, it may run more than once. Where the contract says that a
/// doctor changes his own records only, nothing is committed for one before `body` has asked.
///
/// - Parameter seal: closes the recorded answer, because it holds a secret.
public func commit<Response: Message>(
    _ context: CallContext, on database: Database, closingAnswerBy seal: SecretSeal? = nil,
    _ body: @escaping @Sendable (Transaction) throws -> Response
) async throws -> Response {
    let body = { @Sendable (transaction: Transaction) in
        let response = try body(transaction)
        try context.values[OwnershipQuestion.self]?.requireAsked()
        return response
    }
    let (scope, audit) = (context.values[IdempotencyScope.self], context.values[AuditRecord.self])
    if scope == nil, audit == nil { return try await database.write(body) }
    let (response, bytes) = try await database.write { transaction in
        let response = try audit.noting(changesIn: transaction, body)
        let bytes = response.protobuf()
        if let scope { try transaction.insert(scope.record(of: bytes, closedBy: seal)) }
        if let audit { try transaction.record(audit.notes.entry(of: context, result: AuditEntry.answered, answer: bytes)) }
        return (response, bytes)
    }
    scope?.recordedAnswer = bytes
    audit?.note { $0.isCommitted = true }
    return response
}

/// Runs the first write of a use case that has several, and answers no call yet: the audit has it from here on, should the process
/// end before the call does.
public func commitBeginning<Value: Sendable>(
    _ context: CallContext, on database: Database, _ body: @escaping @Sendable (Transaction) throws -> Value
) async throws -> Value {
    guard let audit = context.values[AuditRecord.self] else { return try await database.write(body) }
    return try await database.write { transaction in
        let value = try audit.noting(changesIn: transaction, body)
        try transaction.record(audit.notes.entry(of: context, result: AuditEntry.begun, answer: [UInt8]()))
        return value
    }
}

extension AuditRecord? {
    /// Runs `body` and takes the names of the fields that it changes, where there is somebody who wants to know them.
    fileprivate func noting<Value>(changesIn transaction: Transaction, _ body: (Transaction) throws -> Value) rethrows -> Value {
        guard let audit = self else { return try body(transaction) }
        return try audit.noting(changesIn: transaction, body)
    }
}

extension AuditRecord {
    fileprivate func noting<Value>(changesIn transaction: Transaction, _ body: (Transaction) throws -> Value) rethrows -> Value {
        transaction.changedFields = []
        defer { transaction.changedFields = nil }
        let value = try body(transaction)
        let fields = transaction.changedFields?.sorted() ?? []
        note { $0.fields = fields }
        return value
    }
}
