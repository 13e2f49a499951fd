import Contracts
import HMSTestKit
import Logging
import NIOPosix
import PlainText
import PublicRoutes
import RESTShim
import RPC
import Routes
import ServiceKit
import Synchronization

/// The two ways to a method: the port of its service, and the REST shim in front of it. Both over sockets.
struct AccessDoors: Sendable {
    private let clients: [String: RPCClient]
    private let http: HTTPProbe
    private static let routes = Dictionary(grouping: Contracts.routes) { $0.method }

    /// Runs a shim before the hospital's services while `body` runs.
    static func open(
        _ whole: WholeHospital, logger: Logger = Logger(label: "rest") { _ in SwiftLogNoOpLogHandler() },
        _ body: (AccessDoors) async throws -> Void
    ) async throws {
        let clients = whole.clients()
        var configuration = RESTServerConfiguration()
        configuration.port = 0
        let (ports, tellPort) = AsyncStream.makeStream(of: Int.self)
        let server = RESTServer(
            configuration, channels: clients, verifier: try await TokenVerifier(whole.hospital.configuration.identity, logger: logger),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            requestLog: RequestLog { line in logger.info("\(String(decoding: line, as: UTF8.self))") }, logger: logger,
            onListening: { tellPort.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await server.run() }
            var told = ports.makeAsyncIterator()
            if let port = await told.next() {
                try await body(AccessDoors(clients: clients, http: HTTPProbe("http://127.0.0.1:\(port)")))
            }
            tasks.cancelAll()
        }
        for client in clients.values { await client.close() }
    }

    /// `OK`, or the reason of the refusal.
    ///
    /// - Parameter reason: why he says that he needs it.
    func askByRPC(_ method: MethodDescriptor, _ request: AccessRequest, token: String?, because reason: String? = nil) async -> String {
        var options = CallOptions(timeout: .seconds(30))
        options.metadata[MetadataName.authorization] = token.map(BearerToken.field)
        options.metadata[MetadataName.idempotencyKey] = method.idempotency == .keyRequired ? freshKey() : nil
        options.metadata[MetadataName.accessReason] = reason
        guard let client = clients[Self.service(of: method)] else { return "NO_SERVICE" }
        return await HMSTestKit.outcome {
            guard method.isStreamed else { return _ = try await client.call(method, request.payload, options) }
            for try await _ in client.stream(method, request.payload, options) {}
        }
    }

    /// The same by each route that leads to the method. The status must say what the code says.
    func askByREST(
        _ method: MethodDescriptor, _ request: AccessRequest, token: String?, because reason: String? = nil
    ) async throws -> [String] {
        var answers: [String] = []
        for route in Self.routes[method] ?? [] {
            var headers = method.idempotency == .keyRequired ? ["Idempotency-Key": freshKey()] : [:]
            headers["X-Access-Reason"] = reason
            let (target, body) = Self.form(of: request.json, for: route)
            let answer = try await http.send(route.httpMethod, target, body: body, token: token, headers: headers)
            answers.append(try Self.outcome(of: answer))
        }
        return answers
    }

    /// The body of whatever is answered.
    func get(_ path: String, token: String) async throws -> String {
        try await http.send("GET", path, token: token).body
    }

    private static func outcome(of answer: HTTPProbe.Answer) throws -> String {
        if answer.status < 300 { return "OK" }
        let code = try JSONValue(parsing: answer.body)["code"]?.text ?? ""
        switch (answer.status, code) {
        case (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"), (403, "ACCESS_REASON_REQUIRED"): return code
        case (401, _), (403, _), (_, "UNAUTHENTICATED"), (_, "PERMISSION_DENIED"): return "\(answer.status) \(code)"
        default: return code
        }
    }

    /// Path, query and body, as the route takes the request apart.
    private static func form(of request: JSONValue, for route: Route) -> (target: String, body: String?) {
        guard case .object(var members) = request else { return (route.pattern, nil) }
        var target = ""
        for segment in route.path {
            switch segment {
            case .literal(let text): target += "/\(text)"
            case .field(let name):
                target += "/\(request[name]?.text ?? "")"
                members.removeAll { $0.name == name }
            }
        }
        switch route.body {
        case .whole: return (target, JSONValue.object(members).compact)
        case .field(let name): return (target, (request[name] ?? .object([])).compact)
        case .none:
            let query = members.map { "\($0.name)=\($0.value.text ?? $0.value.compact)" }.joined(separator: "&")
            return (query.isEmpty ? target : "\(target)?\(query)", nil)
        }
    }

    /// What every service has is asked of one of them.
    private static func service(of method: MethodDescriptor) -> String {
        let package = method.name.split(separator: ".").dropFirst().first.map(String.init) ?? ""
        return switch package {
        case "event": "billing"
        case "audit", "rpc": "patient"
        default: package
        }
    }

    private func freshKey() -> String { "key-\(Self.keys.add(1, ordering: .relaxed).newValue)" }

    private static let keys = Atomic(0)
}
