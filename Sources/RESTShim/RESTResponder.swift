import NIOCore
import NIOHTTP1
import RPC
import Routes
import ServiceKit

/// Where a request goes.
private enum Destination {
    /// To what everybody may have.
    case open(AdmittedRequest.Work)
    /// To a service, or to what operators ask, if its caller may.
    case guarded(GuardedAim)
}

/// Answers every request. Whatever goes wrong on the way comes back as a problem; all of them are logged.
final class RESTResponder: Sendable {
    private let resources: PathTrie<Resource>
    private let authenticator: Authenticator
    /// Nil where nobody can sign in.
    private let signIn: SignInDoor?
    private let transcoder: Transcoder
    private let compression = Compression()
    private let rateLimits: RateLimits
    private let requestLog: RequestLog
    private let metrics: RequestMetrics
    private let recorder: SpanRecorder

    init(
        resources: PathTrie<Resource>, authenticator: Authenticator, signIn: SignInDoor?, transcoder: Transcoder,
        rateLimits: RateLimits, requestLog: RequestLog, metrics: RequestMetrics, recorder: SpanRecorder
    ) {
        self.signIn = signIn
        self.recorder = recorder
        self.resources = resources
        self.authenticator = authenticator
        self.transcoder = transcoder
        self.rateLimits = rateLimits
        self.requestLog = requestLog
        self.metrics = metrics
    }

    // MARK: The header

    /// Decides by its header whether a request's body may be sent.
    func admit(_ request: HTTPRequest) async -> HeadDecision {
        var context = RequestContext(request.head, request.connection.traces)
        do {
            return .admitted(try await admitted(request, &context))
        } catch {
            return .refused(finished(error, context, method: request.method))
        }
    }

    /// The same where nothing has to be waited for; nil where something has.
    func admitAtOnce(_ request: HTTPRequest) -> HeadDecision? {
        var context = RequestContext(request.head, request.connection.traces)
        do {
            return try decideAtOnce(request, &context).map(HeadDecision.admitted)
        } catch {
            return .refused(finished(error, context, method: request.method))
        }
    }

    /// Whether a request asks for the server's health.
    func isProbe(_ head: HTTPRequestHead) -> Bool {
        guard let target = RequestTarget(head.uri), let match = resources.match(target.segments) else { return false }
        guard case .page(let page) = match.value.endpoint(for: head.method)?.endpoint else { return false }
        return page.isProbe
    }

    /// What a request goes before where there is too much to do: what its method does, and whoever asks for health before all.
    func priority(of head: HTTPRequestHead) -> CallPriority {
        guard let target = RequestTarget(head.uri), let match = resources.match(target.segments) else { return .ordinary }
        switch match.value.endpoint(for: head.method)?.endpoint {
        case .route(let route): return route.route.method.priority
        case .page(let page): return page.isProbe ? .always : .ordinary
        // Who looks what is the matter must see something.
        case .operation: return .critical
        case .signIn, nil: return .ordinary
        }
    }

    private func admitted(_ request: HTTPRequest, _ context: inout RequestContext) async throws(Problem) -> AdmittedRequest {
        switch try destination(of: request, &context) {
        case .open(let work): return AdmittedRequest(context: context, work: work)
        case .guarded(let aim):
            let caller = try await authenticator.admit(await authorization(of: request), to: aim.method, request.connection.lastCaller)
            try requirePace(of: caller, sending: request, &context)
            return AdmittedRequest(aim, caller, &context)
        }
    }

    private func admittedAtOnce(_ request: HTTPRequest, _ context: inout RequestContext) throws(Problem) -> AdmittedRequest? {
        switch try destination(of: request, &context) {
        case .open(let work): return AdmittedRequest(context: context, work: work)
        case .guarded(let aim):
            guard let authorization = try authorizationAtOnce(of: request),
                let caller = try authenticator.admitKnown(authorization.field, to: aim.method, request.connection.lastCaller)
            else { return nil }
            try requirePace(of: caller, sending: request, &context)
            return AdmittedRequest(aim, caller, &context)
        }
    }

    /// What says who sends a request: a token that he brings, or the session that he is signed in by.
    private func authorization(of request: HTTPRequest) async throws(Problem) -> String? {
        if let sent = request.headers.authorization { return sent }
        return try await signIn?.authorization(of: request)
    }

    /// The same where nobody has to be asked for it; nil where somebody has.
    private func authorizationAtOnce(of request: HTTPRequest) throws(Problem) -> (field: String?, Void)? {
        guard request.headers.authorization == nil, let signIn else { return (request.headers.authorization, ()) }
        return try signIn.authorizationAtOnce(of: request)
    }

    private func decideAtOnce(_ request: HTTPRequest, _ context: inout RequestContext) throws(Problem) -> AdmittedRequest? {
        try requirePace(of: request)
        return try admittedAtOnce(request, &context)
    }

    /// Asked once for each request, before anything else is done for it. Whoever asks for the server's health gets an answer.
    private func requirePace(of request: HTTPRequest) throws(Problem) {
        guard let wait = rateLimits.wait(of: request), !isProbe(request.head.line) else { return }
        throw .rateLimited(for: wait)
    }

    /// Asked once for each request, when it is known who sends it.
    private func requirePace(of caller: AdmittedCaller, sending request: HTTPRequest, _ context: inout RequestContext) throws(Problem) {
        guard let wait = rateLimits.wait(of: caller, sending: request) else { return }
        context.caller = caller
        throw .rateLimited(for: wait)
    }

    private func destination(of request: HTTPRequest, _ context: inout RequestContext) throws(Problem) -> Destination {
        if request.method == .OPTIONS, request.target == "*" { return try open(.options(allow: Resource.allMethods), to: request) }
        guard let target = RequestTarget(request.target) else { throw .invalid("The path can't be read.") }
        guard let match = resources.match(target.segments) else { throw .routeNotFound }
        if request.method == .OPTIONS { return try open(.options(allow: match.value.allow), to: request) }
        guard let (endpoint, durations) = match.value.endpoint(for: request.method) else {
            throw .methodNotAllowed(allow: match.value.allow)
        }
        context.pattern = endpoint.pattern
        context.durations = durations
        switch endpoint {
        case .page(let page):
            context.leavesSpan = false
            return try open(.page(page), to: request)
        case .operation(let operation):
            context.leavesSpan = false
            if let page = operation.page(for: request) { return try open(.page(page), to: request) }
            return .guarded(.operation(operation, parameters: match.parameters))
        case .signIn(let endpoint):
            context.leavesSpan = false
            try endpoint.check(request.headers)
            return .open(.signIn(endpoint))
        case .route(let route):
            if route.isCall {
                context.errorForm = request.headers.contentType.flatMap(WebMessages.Form.init).map(ErrorForm.grpcWeb) ?? .connect
            }
            return .guarded(.call(RouteMatch(route: route, target: target, parameters: match.parameters)))
        }
    }

    /// What is answered to anybody takes no body: nobody would have to say who he is to send one.
    private func open(_ work: AdmittedRequest.Work, to request: HTTPRequest) throws(Problem) -> Destination {
        guard !request.headers.announcesBody else { throw .invalid("This request takes no body.") }
        return .open(work)
    }

    // MARK: The answer

    /// Answers as far as that can be done without a task: mostly to the end.
    ///
    /// - Parameters:
    ///   - admitted: what was decided by the header; nil where that is still to be done.
    ///   - onResponse: told the answer of a request that was passed on, on the request's event loop.
    func begin(
        _ request: HTTPRequest, admitted: AdmittedRequest?, onResponse: @escaping @Sendable (HTTPResponse) -> Void
    ) -> Beginning {
        var context = admitted?.context.whole() ?? RequestContext(request.head, request.connection.traces)
        do {
            let decided = if let admitted { admitted } else { try decideAtOnce(request, &context) }
            guard let admitted = decided else { return .waits(nil) }
            guard let call = TranscodedCall(request, admitted.work), let begun = try pass(call, on: context, onResponse)
            else { return .waits(admitted) }
            return .passedOn(begun)
        } catch {
            return .answered(finished(error, context, method: request.method))
        }
    }

    private func pass(
        _ call: TranscodedCall, on context: RequestContext, _ onResponse: @escaping @Sendable (HTTPResponse) -> Void
    ) throws(Problem) -> BegunCall? {
        try transcoder.begin(call, context) { result in
            do throws(Problem) {
                let response = try self.transcoder.response(to: call, result)
                self.compression.apply(to: response, for: call.request) { response in
                    onResponse(self.finished(response, context, method: call.request.method))
                }
            } catch {
                onResponse(self.finished(error, context, method: call.request.method))
            }
        }
    }

    /// - Parameter admitted: what was decided by the header; nil where that is still to be done.
    func respond(to request: HTTPRequest, admitted: AdmittedRequest?) async -> HTTPResponse {
        var context = admitted?.context.whole() ?? RequestContext(request.head, request.connection.traces)
        do {
            let work = if let admitted { admitted.work } else { try await self.admitted(request, &context).work }
            let response = try await response(to: request, work, context)
            return finished(response, context, method: request.method)
        } catch {
            return finished(error, context, method: request.method)
        }
    }

    private func response(to request: HTTPRequest, _ work: AdmittedRequest.Work, _ context: RequestContext) async throws(Problem)
        -> HTTPResponse
    {
        switch work {
        case .options(let allow): return options(allow)
        case .page(let page): return await page.response(to: request)
        case .signIn(let endpoint): return try await endpoint.response(to: request)
        case .operation(let endpoint, let parameters, let caller):
            let asked = OperatorRequest(
                request: request, parameters: parameters, caller: caller, correlationID: context.correlationID)
            return try await compression.apply(to: endpoint.response(to: asked), for: request)
        case .call(let match, let caller):
            let call = TranscodedCall(request: request, match: match, caller: caller)
            return try await compression.apply(to: transcoder.answer(call, context), for: request)
        }
    }

    private func options(_ allow: String) -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        response.set("Allow", allow)
        return response
    }

    /// Answers what broke HTTP itself, or found no room.
    func refuse(_ refusal: HTTPRefusal, head: RequestHead?, on connection: ConnectionResources) -> HTTPResponse {
        finished(Problem(refusal), RequestContext(head, connection.traces), method: head?.line.method)
    }

    private func finished(_ problem: Problem, _ context: RequestContext, method: HTTPMethod?) -> HTTPResponse {
        var context = context
        context.code = problem.code
        return finished(
            context.errorForm.response(to: problem, correlationID: context.correlationID), context, method: method)
    }

    private func finished(_ response: HTTPResponse, _ context: RequestContext, method: HTTPMethod?) -> HTTPResponse {
        var response = response
        response.set("X-Correlation-ID", context.correlationID)
        response.set("traceparent", context.trace.traceparent)
        let age = context.age
        (context.durations ?? metrics.unrouted).record(response.status, nanoseconds: age)
        recorder.record(context, method, response.status, after: age)
        requestLog.note(context, method: method, status: response.status)
        return method == .HEAD ? response.withoutBody() : response
    }
}
