import GRPC
import Logging
import NIOCore
import NIOHTTP1
import RPC
import Routes

/// A request that has found its route.
struct TranscodedCall: Sendable {
    let request: HTTPRequest
    let match: RouteMatch
    let caller: AdmittedCaller

    var route: TranscodedRoute { match.route }
}

extension TranscodedCall {
    /// Nil where the request is answered without a service.
    init?(_ request: HTTPRequest, _ work: AdmittedRequest.Work) {
        guard case .call(let match, let caller) = work else { return nil }
        self.init(request: request, match: match, caller: caller)
    }
}

/// All that a call takes, once the conventions are met.
private struct PreparedCall {
    let channel: any RPCChannel
    let input: RouteInput
    /// The versions that the change may be made to, the oldest first; none where it is not asked.
    let versions: [Int64]
    let options: CallOptions
    /// Nil for a route of REST.
    let coding: CallCoding?
}

/// Turns a request into a call and its reply into an answer. Every convention of the public API stands here, once for
/// all routes, in the order in which a request meets them.
struct Transcoder: Sendable {
    let defaultTimeout: Duration
    let maximumTimeout: Duration
    /// Of what a body is, unpacked.
    let bodyByteCount: Int
    let proxies: TrustedProxies
    let logger: Logger

    func answer(_ call: TranscodedCall, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let prepared = try prepare(call, context)
        return try response(try await send(prepared, for: call.route.route), to: call)
    }

    /// Sends the call without a task. Nil, with nothing done, where one is needed; else `onReply` is told what ``response(to:_:)``
    /// makes an answer of.
    func begin(
        _ call: TranscodedCall, _ context: RequestContext, onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) throws(Problem) -> BegunCall? {
        let prepared = try prepare(call, context)
        guard prepared.versions.count <= 1 else { return nil }
        let route = call.route.route
        let payload = try encode(prepared, expecting: prepared.versions.last, for: route)
        return prepared.channel.begin(route.method, payload, prepared.options, onReply: onReply)
    }

    func response(to call: TranscodedCall, _ result: Result<ClientReply, RPCError>) throws(Problem) -> HTTPResponse {
        switch result {
        case .success(let reply): return try response(reply, to: call)
        case .failure(let error): throw problem(error, call.route.route)
        }
    }

    private func response(_ reply: ClientReply, to call: TranscodedCall) throws(Problem) -> HTTPResponse {
        if let coding = try call.coding {
            let bytes = try coding == .json ? decode(reply.payload, for: call.route.route).json : Array(reply.payload.readableBytesView)
            return call.callResponse(bytes, coding, reply.metadata)
        }
        return try call.response(decode(reply.payload, for: call.route.route), reply.metadata)
    }

    private func prepare(_ call: TranscodedCall, _ context: RequestContext) throws(Problem) -> PreparedCall {
        let coding = try call.coding
        let input = try coding == nil ? call.input() : call.callInput(limit: bodyByteCount)
        let versions = try coding == nil ? call.expectedVersions() : []
        let options = try callOptions(call, context)
        guard let channel = call.route.channel else { throw .unavailable(service: call.route.service) }
        return PreparedCall(channel: channel, input: input, versions: versions, options: options, coding: coding)
    }

    /// A change that may be made to any of several versions is tried on one after the other, the oldest first: versions only
    /// grow, so none that comes true meanwhile is missed.
    private func send(_ call: PreparedCall, for route: Route) async throws(Problem) -> ClientReply {
        for version in call.versions.dropLast() {
            do {
                return try await send(call, expecting: version, for: route)
            } catch {
                guard error.code == Problem.versionMismatch.code else { throw error }
            }
        }
        return try await send(call, expecting: call.versions.last, for: route)
    }

    private func callOptions(_ call: TranscodedCall, _ context: RequestContext) throws(Problem) -> CallOptions {
        try callOptions(
            to: call.route.route.method, of: call.caller, for: call.request, context, timeout: timeout(of: call),
            takesKey: call.request.method == .POST)
    }

    /// What travels beside the message: the caller's token, key, correlation id and trace, and the time he gives us.
    ///
    /// - Parameters:
    ///   - caller: nil where nobody has to say who he is.
    ///   - takesKey: whether an idempotency key means something.
    func callOptions(
        to method: MethodDescriptor, of caller: AdmittedCaller?, for request: HTTPRequest, _ context: RequestContext, timeout: Duration?,
        takesKey: Bool
    ) throws(Problem) -> CallOptions {
        var options = CallOptions(timeout: timeout, trace: context.span.nextHop())
        options.parentSpanID = context.span.spanID
        options.metadata = Metadata(reservingByteCount: (caller?.authorization.utf8.count ?? 0) + 256)
        options.metadata[MetadataName.correlationID] = context.correlationID
        options.metadata[MetadataName.authorization] = caller?.authorization
        options.metadata[MetadataName.traceState] = context.traceState
        if takesKey {
            options.metadata[MetadataName.idempotencyKey] = try idempotencyKey(request.headers)
        }
        if method.audit {
            options.metadata[MetadataName.clientAddress] = request.connection.peer.map { peer in
                "\(proxies.isEmpty ? peer : proxies.client(behind: peer, request.headers.forwardedFor))"
            }
            options.metadata[MetadataName.accessReason] = request.headers.accessReason
        }
        return options
    }

    private func timeout(of call: TranscodedCall) throws(Problem) -> Duration {
        let headers = call.request.headers
        if call.route.isCall, let timeout = headers.grpcTimeout.flatMap(GRPCHeader.timeout) { return min(timeout, maximumTimeout) }
        guard let text = call.route.isCall ? headers.callTimeout : headers.timeout else { return defaultTimeout }
        let most = maximumTimeout.milliseconds
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let milliseconds = Int64(text), (1...most).contains(milliseconds) else {
            if call.route.isCall, text.utf8.count <= 10, let milliseconds = Int64(text), milliseconds > most { return maximumTimeout }
            throw .invalid(field: call.route.isCall ? "Connect-Timeout-Ms" : "X-Timeout-Ms", "must be a whole number from 1 to \(most)")
        }
        return .milliseconds(milliseconds)
    }

    private func idempotencyKey(_ headers: RequestHeaders) throws(Problem) -> String? {
        guard let key = headers.idempotencyKey else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalid(field: "Idempotency-Key", "must be 1 to 255 printable ASCII characters")
        }
        return key
    }

    private func encode(_ call: PreparedCall, expecting version: Int64?, for route: Route) throws(Problem) -> ByteBuffer {
        if let coding = call.coding, coding != .json { return call.input.body ?? ByteBuffer() }
        do {
            var input = call.input
            input.expectedVersion = version
            return try route.encodeRequest(input)
        } catch let error as InvalidRequest {
            throw .invalid("The request isn't what this path takes.", violations: error.violations)
        } catch {
            throw unexpected(error, route)
        }
    }

    private func send(_ call: PreparedCall, expecting version: Int64?, for route: Route) async throws(Problem) -> ClientReply {
        let payload = try encode(call, expecting: version, for: route)
        do {
            return try await call.channel.call(route.method, payload, call.options)
        } catch let error as RPCError {
            throw problem(error, route)
        } catch {
            throw unexpected(error, route)
        }
    }

    private func problem(_ error: RPCError, _ route: Route) -> Problem {
        if error.code == .unavailable {
            logger.warning("Call failed", metadata: ["method": "\(route.method.name)", "error": "\(error)"])
        }
        return Problem(error).withFields(namedAsIn: route)
    }

    private func decode(_ payload: ByteBuffer, for route: Route) throws(Problem) -> RouteOutput {
        do {
            return try route.decodeResponse(payload)
        } catch {
            throw unexpected(error, route)
        }
    }

    /// What a caller can't cause stands whole in the log, and nowhere else.
    private func unexpected(_ error: any Error, _ route: Route) -> Problem {
        logger.error("Transcoding failed", metadata: ["method": "\(route.method.name)", "error": "\(error)"])
        return .internal
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
