import NIOCore
import RPC

/// A service whose methods are closures.
struct TestService: RPCService {
    typealias Handler = @Sendable (ServerCall) async throws -> ServerReply

    private let handlers: [(method: MethodDescriptor, handler: Handler)]

    init(_ handlers: (method: MethodDescriptor, handler: Handler)...) {
        self.handlers = handlers
    }

    var methods: [MethodDescriptor] { handlers.map(\.method) }

    func call(_ call: ServerCall) async throws -> ServerReply {
        guard let handler = handlers.first(where: { $0.method == call.context.method })?.handler else {
            throw RPCError.unimplemented(call.context.method.name)
        }
        return try await handler(call)
    }

    /// Answers every request with itself.
    static let echo = TestService((.echo, { ServerReply(payload: $0.payload) }))
}

extension MethodDescriptor {
    static let echo = MethodDescriptor(name: "hms.test.v1.EchoService/Echo", idempotency: .readOnly, roles: .anyone)
    static let change = MethodDescriptor(name: "hms.test.v1.EchoService/Change", roles: .anyone)
    static let create = MethodDescriptor(name: "hms.test.v1.EchoService/Create", idempotency: .keyOptional, roles: .anyone)
}

extension ByteBuffer {
    static func text(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }
    var text: String { String(buffer: self) }
}
