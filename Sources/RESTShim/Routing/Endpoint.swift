import NIOHTTP1
import RPC
import Routes

/// What answers a method on a path.
enum Endpoint: Sendable {
    case route(TranscodedRoute)
    case page(ShimPage)
    case operation(OperatorEndpoint)
    case signIn(SignInEndpoint)

    /// What the access log calls it.
    var pattern: String {
        switch self {
        case .route(let transcoded): transcoded.pattern
        case .page(let page): page.path
        case .operation(let operation): operation.pattern
        case .signIn(let endpoint): endpoint.path
        }
    }
}

/// A generated route and the way to the service behind it.
final class TranscodedRoute: Sendable {
    let route: Route
    /// The service's short name: `patient`.
    let service: String
    /// Nil where no such service is configured.
    let channel: (any RPCChannel)?
    /// `/v1/patients/{patient_id}`
    let pattern: String
    /// The fields that stand in the path, in their order.
    let pathFields: [String]
    /// Whether it is a method by its own name, spoken to as Connect does; else it is a route of REST.
    let isCall: Bool

    init(_ route: Route, isCall: Bool = false, channels: [String: any RPCChannel]) {
        self.isCall = isCall
        self.route = route
        service = route.method.serviceName
        channel = channels[service]
        pattern = route.pattern
        pathFields = route.path.compactMap { if case .field(let name) = $0 { name } else { nil } }
    }
}

/// All that can be done at one path.
struct Resource: Sendable {
    private var endpoints: [(method: HTTPMethod, endpoint: Endpoint, durations: RequestDurations)] = []

    mutating func add(_ endpoint: Endpoint, for method: HTTPMethod, _ durations: RequestDurations) {
        endpoints.append((method, endpoint, durations))
    }

    /// What answers, and where that is counted. HEAD is answered by what answers GET.
    func endpoint(for method: HTTPMethod) -> (endpoint: Endpoint, durations: RequestDurations)? {
        let wanted = method == .HEAD ? .GET : method
        return endpoints.first { $0.method == wanted }.map { ($0.endpoint, $0.durations) }
    }

    /// What `OPTIONS *` is told: every method that some path knows.
    static let allMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    /// The value of `Allow`.
    var allow: String {
        let methods = endpoints.map(\.method.rawValue)
        return (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
    }
}
