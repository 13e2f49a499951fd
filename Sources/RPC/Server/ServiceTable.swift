/// Finds the service of a method id and runs calls through the interceptors to it.
struct ServiceTable: Sendable {
    private struct Route: Sendable {
        let method: MethodDescriptor
        let service: any RPCService
    }

    private let routes: [UInt64: Route]
    private let interceptors: [any ServerInterceptor]

    /// Where two services claim one method, the first keeps it; ``duplicates(in:)`` names such methods.
    init(services: [any RPCService], interceptors: [any ServerInterceptor]) {
        let all = services.flatMap { service in service.methods.map { ($0.id, Route(method: $0, service: service)) } }
        routes = Dictionary(all) { first, _ in first }
        self.interceptors = interceptors
    }

    /// Methods that more than one service claims, or whose ids collide.
    static func duplicates(in services: [any RPCService]) -> [String] {
        let byID = Dictionary(grouping: services.flatMap(\.methods), by: \.id)
        return byID.values.filter { $0.count > 1 }.flatMap { $0.map(\.name) }.sorted()
    }

    func method(_ id: UInt64) -> MethodDescriptor? {
        routes[id]?.method
    }

    func answer(_ call: ServerCall) async throws -> ServerReply {
        try await answer(call, after: 0)
    }

    private func answer(_ call: ServerCall, after depth: Int) async throws -> ServerReply {
        guard depth < interceptors.count else { return try await handle(call) }
        return try await interceptors[depth].intercept(call) { call in try await answer(call, after: depth + 1) }
    }

    private func handle(_ call: ServerCall) async throws -> ServerReply {
        guard let route = routes[call.context.method.id] else { throw RPCError.unimplemented(call.context.method.name) }
        return try await route.service.call(call)
    }
}
