public import MetricsRegistry
public import RPC
import Synchronization

/// Counts and times calls, by their method and by how they ended. Names are those of OpenTelemetry, as Prometheus spells them.
public final class CallMetrics: CallObserver {
    private let calls: MethodTable<MethodCalls>
    private let unknown: MethodCalls
    private let refused: RefusedCalls?

    /// Of the calls that a server answers; nil where nobody counts.
    public static func ofServer(_ methods: [MethodDescriptor], in metrics: Metrics) -> CallMetrics? {
        guard metrics.isCounting else { return nil }
        let name = "rpc_server_call_duration_seconds"
        let help = "Calls that were answered or refused, and how long they took from their arrival."
        return CallMetrics(methods, RefusedCalls(metrics), isShownBefore: true) { method, code in
            metrics.histogram(name, help, ["rpc_method": method, "rpc_response_status_code": code.wireName])
        }
    }

    /// Of the calls that a client makes, retries included in one; nil where nobody counts.
    ///
    /// - Parameter service: the short name of the one that is called.
    public static func ofClient(to service: String, _ methods: [MethodDescriptor], in metrics: Metrics) -> CallMetrics? {
        guard metrics.isCounting else { return nil }
        let name = "rpc_client_call_duration_seconds"
        let help = "Calls to other services, and how long they took, retries included."
        return CallMetrics(methods, nil, isShownBefore: false) { method, code in
            metrics.histogram(name, help, ["peer": service, "rpc_method": method, "rpc_response_status_code": code.wireName])
        }
    }

    private init(
        _ methods: [MethodDescriptor], _ refused: RefusedCalls?, isShownBefore: Bool,
        _ make: @escaping @Sendable (_ method: String, StatusCode) -> Histogram
    ) {
        calls = MethodTable(methods) { method in MethodCalls(isShownBefore: isShownBefore) { make(method.name, $0) } }
        unknown = MethodCalls(isShownBefore: false) { make(MethodDescriptor.unknown.name, $0) }
        self.refused = refused
    }

    public func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration) {
        (calls[method] ?? unknown).ended(code, duration)
        // A server tells so of those of which it has done nothing.
        if duration == .zero { refused?.count(code) }
    }
}

/// The calls of one method. Those that end well find their histogram at once.
private final class MethodCalls: Sendable {
    private let make: @Sendable (StatusCode) -> Histogram
    private let answered: Histogram?
    private let others = Mutex<[Histogram?]>(Array(repeating: nil, count: StatusCode.allCases.count))

    init(isShownBefore: Bool, _ make: @escaping @Sendable (StatusCode) -> Histogram) {
        self.make = make
        answered = isShownBefore ? make(.ok) : nil
    }

    func ended(_ code: StatusCode, _ duration: Duration) {
        if code == .ok, let answered { return answered.record(duration) }
        let histogram = others.withLock { others in
            let known = others[Int(code.rawValue)] ?? make(code)
            others[Int(code.rawValue)] = known
            return known
        }
        histogram.record(duration)
    }
}

/// Calls that were turned down before any of them was done.
private struct RefusedCalls: Sendable {
    private let counters: [StatusCode: Counter]

    init(_ metrics: Metrics) {
        let codes: [StatusCode] = [.unavailable, .unimplemented, .deadlineExceeded, .resourceExhausted, .invalidArgument]
        counters = codes.reduce(into: [:]) { counters, code in
            counters[code] = metrics.counter(
                "rpc_server_calls_refused_total",
                "Calls that were turned down before any of them was done: too many, too late, or to a method that is not served.",
                ["rpc_response_status_code": code.wireName])
        }
    }

    func count(_ code: StatusCode) {
        counters[code]?.add()
    }
}

extension StatusCode {
    /// gRPC's name: `NOT_FOUND`.
    var wireName: String {
        "\(self)".reduce(into: "") { name, character in
            if character.isUppercase { name += "_" }
            name += character.uppercased()
        }
    }
}
