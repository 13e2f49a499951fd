public import FieldChecks
public import ProtobufC

extension ServerCall {
    /// Reads the request, takes the outer spaces off its texts, holds it to its field rules, lets `handler` answer and encodes the answer.
    @inlinable
    public func answer<Request: CheckedMessage, Response: Message>(
        _ handler: (Request, CallContext) async throws -> Response
    ) async throws -> ServerReply {
        reply(try await handler(try request(), context))
    }

    /// The same for a handler that only reads, from a source that it is handed.
    @inlinable
    public func answer<Request: CheckedMessage, Response: Message, Source: ReadSource>(
        reading source: Source, _ handler: @escaping @Sendable (Request, CallContext, Source.Reader) throws -> Response
    ) async throws -> ServerReply {
        let request: Request = try request()
        return reply(try await source.read { [context] in try handler(request, context, $0) })
    }

    /// The same without waiting. Nil where the source can't be read here and now, and nothing was done.
    @inlinable
    public func answerAtOnce<Request: CheckedMessage, Response: Message, Source: ReadSource>(
        reading source: Source, _ handler: (Request, CallContext, Source.Reader) throws -> Response
    ) throws -> ServerReply? {
        let request: Request = try request()
        return try source.readAtOnce { try handler(request, context, $0) }.map(reply)
    }

    /// The same as ``answer(_:)`` for a method with an `own` rule: a doctor may name only himself in the field `own`.
    @inlinable
    public func answer<Request: CheckedMessage, Response: Message>(
        own: KeyPath<Request, String>, _ handler: (Request, CallContext) async throws -> Response
    ) async throws -> ServerReply {
        let request = try Request(trimming: payload)
        context.noteIDs(namedBy: request)
        try context.requireOwn(request[keyPath: own])
        try request.requireValid()
        return reply(try await handler(request, context))
    }

    /// The same where the field may be left out, as in a list: a doctor who names nobody means himself.
    @inlinable
    public func answer<Request: CheckedMessage, Response: Message>(
        own: WritableKeyPath<Request, String?>, _ handler: (Request, CallContext) async throws -> Response
    ) async throws -> ServerReply {
        var request = try Request(trimming: payload)
        if request[keyPath: own] == nil { request[keyPath: own] = context.impliedOwner }
        context.noteIDs(namedBy: request)
        try context.requireOwn(request[keyPath: own])
        try request.requireValid()
        return reply(try await handler(request, context))
    }

    @inlinable
    func reply(_ message: some Message) -> ServerReply {
        message.withPacked { ServerReply($0, to: self) }
    }

    /// The request as it may be handled.
    @inlinable
    func request<Request: CheckedMessage>() throws(RPCError) -> Request {
        let request = try Request(trimming: payload)
        context.noteIDs(namedBy: request)
        try request.requireValid()
        return request
    }
}

extension CallContext {
    /// Lets the interceptors around an audited call see which records it is about.
    public func noteIDs(namedBy request: some CheckedMessage) {
        guard method.audit else { return }
        var ids = NamedIDs()
        request.nameIDs(into: &ids)
        namedIDs = ids.all
    }

    /// Whom a caller means who names nobody: a doctor means himself, others everybody.
    public var impliedOwner: String? {
        principal.flatMap { $0.role.contains(.doctor) ? $0.subject : nil }
    }

    /// Refuses a doctor whose subject isn't `owner`. Other roles, and who has none yet, are the business of the method's roles.
    public func requireOwn(_ owner: String?) throws(RPCError) {
        guard let principal, principal.role.contains(.doctor), principal.subject != owner else { return }
        throw RPCError(.permissionDenied, "PERMISSION_DENIED", "a doctor may do this only in his own name")
    }
}

extension CheckedMessage {
    /// Throws every field that breaks its rule, all at once. Where none does but an id is of another kind than its field's,
    /// nothing can be found by it: `PATIENT_NOT_FOUND`.
    public func requireValid() throws(RPCError) {
        var violations = Violations()
        check(into: &violations)
        guard violations.all.isEmpty else {
            throw .invalidArgument("the request breaks its contract", violations: violations.all)
        }
        if let code = violations.notFoundCode { throw .notFound(code) }
    }
}
