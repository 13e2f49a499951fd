import MetricsRegistry
import NIOHTTP1
import Synchronization

/// Counts and times requests, by route, method and status. Names are those of OpenTelemetry, as Prometheus spells them.
struct RequestMetrics: Sendable {
    private let metrics: Metrics
    /// Of requests that no route is for: what was asked for is anybody's text, and so no label.
    let unrouted: RequestDurations

    init(_ metrics: Metrics) {
        self.metrics = metrics
        unrouted = RequestDurations(route: "", method: "_OTHER", metrics)
    }

    /// - Parameter pattern: `/v1/patients/{patient_id}`
    func durations(of pattern: String, _ method: HTTPMethod) -> RequestDurations {
        RequestDurations(route: pattern, method: method.rawValue, metrics)
    }

    /// Clients to whom something was done at the door, because there were too many of them.
    func crowded(_ event: AdmissionLog.Event) -> Counter {
        metrics.counter(
            "http_server_crowded_total", "What the door did to clients because there were too many of them.", ["event": event.rawValue])
    }
}

/// The requests of one route and method.
final class RequestDurations: Sendable {
    private let route: String
    private let method: String
    private let metrics: Metrics
    /// A handful: which statuses a route answers with.
    private let histograms = Mutex<[(status: UInt, histogram: Histogram)]>([])

    init(route: String, method: String, _ metrics: Metrics) {
        self.route = route
        self.method = method
        self.metrics = metrics
    }

    func record(_ status: HTTPResponseStatus, nanoseconds: Int64) {
        histogram(of: status.code).record(Int(clamping: nanoseconds))
    }

    private func histogram(of status: UInt) -> Histogram {
        histograms.withLock { histograms in
            if let known = histograms.first(where: { $0.status == status }) { return known.histogram }
            let new = metrics.histogram(
                "http_server_request_duration_seconds", "Requests that were answered, and how long they took once they were whole.",
                ["http_request_method": method, "http_route": route, "http_response_status_code": "\(status)"])
            histograms.append((status, new))
            return new
        }
    }
}
