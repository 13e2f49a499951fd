import NIOHTTP1
import RPC

/// Something that an operator asks of the whole hospital, and no single service answers. For administrators only.
struct OperatorEndpoint: Sendable {
    let pattern: String
    let method: HTTPMethod
    /// What a browser is shown at the same path: it holds nothing of the hospital, and asks for that itself.
    let page: ShimPage?
    private let make: @Sendable (OperatorRequest) async throws -> HTTPResponse

    /// What the caller's role is held to, as to that of a method.
    static let access = MethodDescriptor(name: "ops", idempotency: .repeatable, roles: [.admin])

    init(
        _ pattern: String, _ method: HTTPMethod = .GET, page: ShimPage? = nil,
        _ make: @escaping @Sendable (OperatorRequest) async throws -> HTTPResponse
    ) {
        self.pattern = pattern
        self.method = method
        self.page = page
        self.make = make
    }

    func response(to request: OperatorRequest) async throws(Problem) -> HTTPResponse {
        do {
            return try await make(request)
        } catch let problem as Problem {
            throw problem
        } catch let error as RPCError {
            throw Problem(error)
        } catch {
            throw .internal
        }
    }

    /// The page, where the client is a browser that wants one.
    func page(for request: HTTPRequest) -> ShimPage? {
        guard let page, request.method != .POST, request.head.line.headers["Accept"].contains(where: { $0.contains("text/html") }) else {
            return nil
        }
        return page
    }
}

/// What an administrator asks.
struct OperatorRequest: Sendable {
    let request: HTTPRequest
    /// What stands in the path's parameters, in their order.
    let parameters: [String]
    let caller: AdmittedCaller
    let correlationID: String

    /// For a call in the caller's own name.
    func options(timeout: Duration = .seconds(3)) -> CallOptions {
        var options = CallOptions(timeout: timeout)
        options.metadata[MetadataName.authorization] = caller.authorization
        options.metadata[MetadataName.correlationID] = correlationID
        options.metadata[MetadataName.clientAddress] = request.connection.peer.map { "\($0)" }
        return options
    }
}

extension HTTPResponse {
    /// What is so only now.
    static func ofNow(_ json: [UInt8]) -> HTTPResponse {
        var response = HTTPResponse(status: .ok, contentType: "application/json")
        response.set("Cache-Control", "no-store")
        response.set("Vary", "Accept")
        response.body = .bytes(json)
        return response
    }
}
