import NIOCore
import NIOHTTP1
import RPC

/// Answers every request. Whatever goes wrong on the way comes back as a problem; all of them are logged.
final class RESTResponder: Sendable {
    private let resources: PathTrie<Resource>
    private let transcoder: Transcoder
    private let requestLog: RequestLog

    init(resources: PathTrie<Resource>, transcoder: Transcoder, requestLog: RequestLog) {
        self.resources = resources
        self.transcoder = transcoder
        self.requestLog = requestLog
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        var exchange = Exchange(request.headers)
        var response: HTTPResponse
        do {
            response = try await answer(request, &exchange)
        } catch {
            exchange.code = error.code
            response = error.response(correlationID: exchange.correlationID)
        }
        finish(&response, exchange, method: request.method, on: request.eventLoop)
        return request.method == .HEAD ? response.withoutBody() : response
    }

    /// Answers what broke HTTP itself.
    func refuse(_ refusal: HTTPRefusal, head: HTTPRequestHead?, on eventLoop: any EventLoop) -> HTTPResponse {
        var exchange = Exchange(head.map { RequestHeaders($0.headers) })
        let problem = Problem(refusal)
        exchange.code = problem.code
        var response = problem.response(correlationID: exchange.correlationID)
        finish(&response, exchange, method: head?.method, on: eventLoop)
        return head?.method == .HEAD ? response.withoutBody() : response
    }

    private func finish(_ response: inout HTTPResponse, _ exchange: Exchange, method: HTTPMethod?, on eventLoop: any EventLoop) {
        response.set("X-Correlation-ID", exchange.correlationID)
        response.set("traceparent", exchange.trace.traceparent)
        requestLog.note(exchange, method: method, status: response.status, on: eventLoop)
    }

    private func answer(_ request: HTTPRequest, _ exchange: inout Exchange) async throws(Problem) -> HTTPResponse {
        if request.method == .OPTIONS, request.target == "*" { return HTTPResponse(status: .noContent) }
        guard let target = RequestTarget(request.target) else { throw .invalid("The path can't be read.") }
        guard let match = resources.match(target.segments) else { throw .routeNotFound }
        if request.method == .OPTIONS { return options(match.value) }
        guard let endpoint = match.value.endpoint(for: request.method) else { throw .methodNotAllowed(allow: match.value.allow) }
        exchange.pattern = endpoint.pattern
        switch endpoint {
        case .page(let page): return await page.response(to: request)
        case .route(let route):
            let call = TranscodedCall(request: request, target: target, parameters: match.parameters, route: route)
            return try await transcoder.answer(call, &exchange)
        }
    }

    private func options(_ resource: Resource) -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        response.set("Allow", resource.allow)
        return response
    }
}
