import NIOCore
import NIOHTTP1
import RPC

/// Answers every request. Whatever goes wrong on the way comes back as a problem; all of them are logged.
final class RESTResponder: Sendable {
    private let resources: PathTrie<Resource>
    private let gate: Gate
    private let transcoder: Transcoder
    private let compression = Compression()
    private let requestLog: RequestLog

    init(resources: PathTrie<Resource>, gate: Gate, transcoder: Transcoder, requestLog: RequestLog) {
        self.resources = resources
        self.gate = gate
        self.transcoder = transcoder
        self.requestLog = requestLog
    }

    // MARK: The header

    /// Decides by its header whether a request's body may be sent.
    func admit(_ request: HTTPRequest) async -> HeadDecision {
        var exchange = Exchange(request.head, request.connection.traces)
        do {
            return .admitted(try await admitted(request, &exchange))
        } catch {
            return .refused(finished(error, exchange, method: request.method))
        }
    }

    /// Whether a request asks for the server's health.
    func isProbe(_ head: HTTPRequestHead) -> Bool {
        guard let target = RequestTarget(head.uri), let match = resources.match(target.segments) else { return false }
        guard case .page(let page) = match.value.endpoint(for: head.method) else { return false }
        return page.isProbe
    }

    private func admitted(_ request: HTTPRequest, _ exchange: inout Exchange) async throws(Problem) -> AdmittedRequest {
        if request.method == .OPTIONS, request.target == "*" {
            return try admitted(request, exchange, .options(allow: Resource.allMethods))
        }
        guard let target = RequestTarget(request.target) else { throw .invalid("The path can't be read.") }
        guard let match = resources.match(target.segments) else { throw .routeNotFound }
        if request.method == .OPTIONS { return try admitted(request, exchange, .options(allow: match.value.allow)) }
        guard let endpoint = match.value.endpoint(for: request.method) else { throw .methodNotAllowed(allow: match.value.allow) }
        exchange.pattern = endpoint.pattern
        switch endpoint {
        case .page(let page): return try admitted(request, exchange, .page(page))
        case .route(let route):
            let caller = try await gate.admit(request.headers.authorization, to: route.route.method, request.connection.lastCaller)
            exchange.caller = caller
            return AdmittedRequest(exchange: exchange, work: .call(route, target, parameters: match.parameters, caller))
        }
    }

    /// What is answered to anybody takes no body: nobody would have to say who he is to send one.
    private func admitted(_ request: HTTPRequest, _ exchange: Exchange, _ work: AdmittedRequest.Work) throws(Problem) -> AdmittedRequest {
        guard !request.headers.announcesBody else { throw .invalid("This request takes no body.") }
        return AdmittedRequest(exchange: exchange, work: work)
    }

    // MARK: The answer

    /// - Parameter admitted: what was decided by the header; nil where that is still to be done.
    func respond(to request: HTTPRequest, admitted: AdmittedRequest?) async -> HTTPResponse {
        var exchange = admitted?.exchange.whole() ?? Exchange(request.head, request.connection.traces)
        do {
            let work = if let admitted { admitted.work } else { try await self.admitted(request, &exchange).work }
            let response = try await response(to: request, work, exchange)
            return finished(response, exchange, method: request.method)
        } catch {
            return finished(error, exchange, method: request.method)
        }
    }

    private func response(to request: HTTPRequest, _ work: AdmittedRequest.Work, _ exchange: Exchange) async throws(Problem) -> HTTPResponse
    {
        switch work {
        case .options(let allow): return options(allow)
        case .page(let page): return await page.response(to: request)
        case .call(let route, let target, let parameters, let caller):
            let call = TranscodedCall(request: request, target: target, parameters: parameters, route: route, caller: caller)
            return try await compression.apply(to: transcoder.answer(call, exchange), for: request)
        }
    }

    private func options(_ allow: String) -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        response.set("Allow", allow)
        return response
    }

    /// Answers what broke HTTP itself, or found no room.
    func refuse(_ refusal: HTTPRefusal, head: RequestHead?, on connection: ConnectionResources) -> HTTPResponse {
        finished(Problem(refusal), Exchange(head, connection.traces), method: head?.line.method)
    }

    private func finished(_ problem: Problem, _ exchange: Exchange, method: HTTPMethod?) -> HTTPResponse {
        var exchange = exchange
        exchange.code = problem.code
        return finished(problem.response(correlationID: exchange.correlationID), exchange, method: method)
    }

    private func finished(_ response: HTTPResponse, _ exchange: Exchange, method: HTTPMethod?) -> HTTPResponse {
        var response = response
        response.set("X-Correlation-ID", exchange.correlationID)
        response.set("traceparent", exchange.trace.traceparent)
        requestLog.note(exchange, method: method, status: response.status)
        return method == .HEAD ? response.withoutBody() : response
    }
}
