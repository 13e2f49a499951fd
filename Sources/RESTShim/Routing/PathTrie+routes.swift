import NIOHTTP1
import RPC
import Routes

extension PathTrie where Value == Resource {
    /// - Parameters:
    ///   - calls: methods by their own names.
    ///   - channels: the way to each service that is configured, by its short name.
    init(
        routes: [Route], calls: [Route] = [], pages: [ShimPage], operations: [OperatorEndpoint] = [],
        signIn: [SignInEndpoint] = [], channels: [String: any RPCChannel], metrics: RequestMetrics
    ) {
        self.init()
        for route in routes {
            let transcoded = TranscodedRoute(route, channels: channels)
            add(.route(transcoded), method: HTTPMethod(rawValue: route.httpMethod), at: route.path.map(PathTrie.segment), metrics)
        }
        for call in calls where call.method.isForPeople {
            let transcoded = TranscodedRoute(call, isCall: true, channels: channels)
            let path = call.path.map(PathTrie.segment)
            add(.route(transcoded), method: .POST, at: path, metrics)
            if call.method.idempotency == .readOnly { add(.route(transcoded), method: .GET, at: path, metrics) }
        }
        for page in pages {
            add(.page(page), method: .GET, at: PathTrie.segments(of: page.path), metrics)
        }
        for operation in operations {
            add(.operation(operation), method: operation.method, at: PathTrie.segments(of: operation.pattern), metrics)
        }
        for endpoint in signIn {
            add(.signIn(endpoint), method: endpoint.method, at: PathTrie.segments(of: endpoint.path), metrics)
        }
    }

    private mutating func add(_ endpoint: Endpoint, method: HTTPMethod, at path: [Segment], _ metrics: RequestMetrics) {
        update(path) { resource in
            var changed = resource ?? Resource()
            changed.add(endpoint, for: method, metrics.durations(of: endpoint.pattern, method))
            resource = changed
        }
    }

    private static func segments(of pattern: String) -> [Segment] {
        pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            $0.hasPrefix("{") ? .parameter : .literal(String($0))
        }
    }

    private static func segment(_ segment: PathSegment) -> Segment {
        switch segment {
        case .literal(let text): .literal(text)
        case .field: .parameter
        }
    }
}

extension MethodDescriptor {
    /// The short name of the service that a method belongs to: `patient` of `hms.patient.v1.PatientService/GetPatient`.
    var serviceName: String {
        let parts = name.split(separator: ".")
        return parts.count > 2 ? String(parts[1]) : name
    }
}
