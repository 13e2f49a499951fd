public import ProtobufC
public import RPC
public import Storage

/// Runs a use case's one write. Where the call has an idempotency key, the answer is recorded in the same transaction,
/// so that effect and record exist together or not at all.
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
    guard let scope = context.values[IdempotencyScope.self] else { return try await database.write(body) }
    let (response, bytes) = try await database.write { transaction in
        let response = try body(transaction)
        let bytes = response.protobuf()
        try transaction.insert(scope.record(of: bytes))
        return (response, bytes)
    }
    scope.recordedAnswer = bytes
    return response
}
