public import ProtobufC
public import RPC
public import Storage

/// Runs a use case's one write. Where the call has an idempotency key, the answer is recorded in the same transaction,
/// so that effect and record exist together or not at all. So is the entry of a call that is audited.
///
/// What `body` returns is the answer of the call. As every write, it may run more than once. Where the contract says that a
/// doctor changes his own records only, nothing is committed for one before `body` has asked.
public func commit<Response: Message>(
    _ context: CallContext, on database: Database, _ body: @escaping @Sendable (Transaction) throws -> Response
) async throws -> Response {
    let body = { @Sendable (transaction: Transaction) in
        let response = try body(transaction)
        try context.values[OwnershipQuestion.self]?.requireAsked()
        return response
    }
    let (scope, audit) = (context.values[IdempotencyScope.self], context.values[AuditRecord.self])
    if scope == nil, audit == nil { return try await database.write(body) }
    let (response, bytes) = try await database.write { transaction in
        let response = try body(transaction)
        let bytes = response.protobuf()
        if let scope { try transaction.insert(scope.record(of: bytes)) }
        if let audit { try transaction.record(audit.entry(of: context, result: "OK", answer: bytes)) }
        return (response, bytes)
    }
    scope?.recordedAnswer = bytes
    audit?.noteCommit()
    return response
}
