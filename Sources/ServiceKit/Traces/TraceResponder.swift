public import Contracts
public import MetricsRegistry
import RPC

/// Tells an operator what the process did lately.
struct TraceResponder: TraceServiceProtocol {
    let recorder: SpanRecorder
    let metrics: Metrics

    private static let usualLimit = 500

    func recentSpans(_ request: RecentSpansRequest, _ context: CallContext) async throws -> RecentSpansResponse {
        let limit = request.limit == 0 ? Self.usualLimit : Int(request.limit)
        let found =
            request.correlationID.isEmpty && request.traceIds.isEmpty
            ? recorder.newest(limit) : recorder.spans(of: request.correlationID, Set(request.traceIds), limit)
        return RecentSpansResponse(spans: found.map { SpanRecord($0, of: recorder.service) })
    }

    func overview(_ request: OverviewRequest, _ context: CallContext) async throws -> OverviewResponse {
        var overview = OverviewResponse(summing: await metrics.families(), of: recorder.service)
        // Without this very call.
        overview.callsInFlight = max(0, overview.callsInFlight - 1)
        return overview
    }
}

extension SpanRecord {
    public init(_ span: TraceSpan, of service: String) {
        self.init(
            traceID: span.trace.traceID, spanID: TraceContext.text(ofSpan: span.trace.spanID),
            parentSpanID: span.parentSpanID == 0 ? "" : TraceContext.text(ofSpan: span.parentSpanID), name: span.name,
            kind: SpanKind(span.kind), startedAtNs: span.startedAt, durationNs: span.duration, code: span.code, failed: span.failed,
            correlationID: span.correlationID, service: service,
            attributes: span.attributes.map { SpanAttribute(key: "\($0.key)", value: $0.value) })
    }
}

extension OverviewResponse {
    /// Another one after each start.
    private static let instance = String(UInt32.random(in: .min ... .max), radix: 36)

    /// What a process has done, as its metrics say.
    public init(summing families: [MetricFamily], of service: String) {
        let figures = ProcessFigures(families)
        self.init(
            service: service, instance: Self.instance, served: figures.served, calls: figures.peers, queues: figures.queues,
            callsInFlight: figures.number(of: "rpc_server_calls_in_flight"),
            waitingWrites: figures.number(of: "hms_storage_waiting_writes"))
    }
}

extension SpanKind {
    fileprivate init(_ kind: TraceSpan.Kind) {
        self =
            switch kind {
            case .internal: .internal
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            }
    }
}

/// What the metrics of a process say in short.
private struct ProcessFigures {
    private let families: [String: MetricFamily]

    init(_ families: [MetricFamily]) {
        self.families = Dictionary(families.map { ($0.name, $0) }) { first, _ in first }
    }

    private func samples(_ name: String) -> [MetricFamily.Sample] { families[name]?.samples ?? [] }

    func number(of name: String) -> Int64 { Int64(samples(name).reduce(0) { $0 + $1.count }) }

    /// Calls of a service, requests of the public door.
    var served: CallTotals {
        totals(samples("rpc_server_call_duration_seconds") + samples("http_server_request_duration_seconds"))
    }

    var peers: [PeerTotals] {
        let calls = Dictionary(grouping: samples("rpc_client_call_duration_seconds")) { $0.label("peer") }
        return calls.sorted { $0.key < $1.key }.map { PeerTotals(peer: $0.key, totals: totals($0.value)) }
    }

    var queues: [EventQueue] {
        let undelivered = bySubscriber("hms_outbox_undelivered_events")
        let (ages, dead) = (bySubscriber("hms_outbox_oldest_undelivered_seconds"), bySubscriber("hms_outbox_dead_letters"))
        return undelivered.keys.sorted().map { name in
            EventQueue(
                subscriber: name, undelivered: Int64(undelivered[name] ?? 0), oldestSeconds: ages[name] ?? 0,
                deadLetters: Int64(dead[name] ?? 0))
        }
    }

    private func bySubscriber(_ name: String) -> [String: Double] {
        Dictionary(samples(name).map { ($0.label("subscriber"), $0.sum) }) { first, _ in first }
    }

    private func totals(_ samples: [MetricFamily.Sample]) -> CallTotals {
        samples.filter(Self.isOfHospital).reduce(into: CallTotals()) { totals, sample in
            totals.calls += Int64(sample.count)
            totals.seconds += sample.sum
            let isFault =
                Self.faults.contains(sample.label("rpc_response_status_code"))
                || sample.label("http_response_status_code").hasPrefix("5")
            if isFault { totals.failed += Int64(sample.count) }
        }
    }

    /// What looks after the hospital, as probes and whoever reads this, is none of its work.
    private static func isOfHospital(_ sample: MetricFamily.Sample) -> Bool {
        let route = sample.label("http_route")
        return !sample.label("rpc_method").hasPrefix("hms.rpc.v1.") && (route.isEmpty || route.hasPrefix("/v1/"))
    }

    private static let faults = Set(StatusCode.allCases.filter(\.isFault).map(\.wireName))
}
