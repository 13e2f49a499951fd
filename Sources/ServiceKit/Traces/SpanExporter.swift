import AsyncHTTPClient
import Contracts
import Logging
public import MetricsRegistry
import NIOCore
import NIOHTTP1
import ProtobufC
import RPC
import Synchronization

/// Sends the spans that are kept to a collector: OTLP over HTTP, in protobuf. Nobody waits for it: what finds no room, or no
/// collector for long enough, is dropped and counted.
public final class SpanExporter: Sendable {
    private let url: String
    private let service: String
    private let queue = Mutex<[TraceSpan]>([])
    private let client: HTTPClient
    private let exported: Counter
    private let dropped: Counter
    private let logger: Logger
    private let sending = Mutex<Task<Void, Never>?>(nil)

    /// Spans that wait.
    static let room = 4_096
    /// Spans of one request.
    static let batchSize = 512
    private static let pause = Duration.seconds(1)
    private static let patience = TimeAmount.seconds(5)
    /// How often one batch is tried.
    private static let tries = 3

    init(to url: String, service: String, _ metrics: Metrics, logger: Logger) {
        self.url = url
        self.service = service
        self.logger = logger
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // Sending spans leaves none.
        configuration.tracing.tracer = nil
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        exported = metrics.counter("hms_trace_spans_exported_total", "Spans that the collector has taken.")
        dropped = metrics.counter(
            "hms_trace_spans_dropped_total", "Spans that the collector did not get: there was no room for them, or it did not answer.")
    }

    /// One that never started, because its process did not, has only its client to end.
    deinit {
        client.shutdown { _ in }
    }

    /// Begins to send. Call it once, and ``stop()`` after it.
    public func start() {
        sending.withLock { $0 = Task { await self.run() } }
    }

    func add(_ span: TraceSpan) {
        let hasRoom = queue.withLock { queue in
            guard queue.count < Self.room else { return false }
            queue.append(span)
            return true
        }
        if !hasRoom { dropped.add() }
    }

    /// Sends what waits, once, and ends.
    public func stop() async {
        let task = sending.withLock { $0.take() }
        task?.cancel()
        await task?.value
        // As much as goes with one answer each; where there is none, the rest is not tried.
        while let batch = nextBatch(), await send(batch, tries: 1) {}
        do {
            try await client.shutdown()
        } catch {
            logger.debug("The client of the collector did not end", metadata: ["error": "\(error)"])
        }
    }

    private func run() async {
        while !Task.isCancelled {
            while !Task.isCancelled, let batch = nextBatch() { _ = await send(batch, tries: Self.tries) }
            // Fails only when it is cancelled, which the loop asks next.
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func nextBatch() -> [TraceSpan]? {
        queue.withLock { queue in
            guard !queue.isEmpty else { return nil }
            let batch = Array(queue.prefix(Self.batchSize))
            queue.removeFirst(batch.count)
            return batch
        }
    }

    /// Whether the collector has answered.
    private func send(_ spans: [TraceSpan], tries: Int) async -> Bool {
        let body = OtlpExportRequest(spans, of: service).protobuf()
        for attempt in 1...tries {
            switch await post(body) {
            case .taken:
                exported.add(spans.count)
                return true
            case .refused(let why):
                logger.warning("The collector refuses spans", metadata: ["status": "\(why)"])
                dropped.add(spans.count)
                return true
            case .failed: break
            }
            guard attempt < tries, (try? await Task.sleep(for: Self.pause * (1 << attempt))) != nil else { break }
        }
        dropped.add(spans.count)
        return false
    }

    private enum Answer {
        case taken
        case refused(UInt)
        case failed
    }

    private func post(_ body: [UInt8]) async -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = ["Content-Type": "application/x-protobuf"]
        request.body = .bytes(body)
        do {
            let answer = try await client.execute(request, timeout: Self.patience)
            // What it says is of no use; a connection whose answer is read can be used again.
            _ = try await answer.body.collect(upTo: 64 * 1024)
            switch answer.status.code {
            case 200..<300: return .taken
            case 429, 502, 503, 504: return .failed
            default: return .refused(answer.status.code)
            }
        } catch {
            logger.debug("The collector does not answer", metadata: ["error": "\(error)"])
            return .failed
        }
    }
}

extension SpanRecorder {
    /// That of a process, with its exporter where a collector is configured, which is not started yet.
    public static func ofProcess(
        _ service: String, _ configuration: TraceConfiguration, _ metrics: Metrics, logger: Logger
    ) -> (SpanRecorder, SpanExporter?) {
        let exporter = configuration.collector.map { SpanExporter(to: $0, service: service, metrics, logger: logger) }
        let recorder = SpanRecorder(service: service, configuration) { exporter?.add($0) }
        metrics.collect { [weak recorder] in
            guard let recorder else { return [] }
            return [.init("hms_trace_spans_total", "Spans that were kept.", .counter, [.init(recorder.recordedCount)])]
        }
        return (recorder, exporter)
    }
}

extension OtlpExportRequest {
    init(_ spans: [TraceSpan], of service: String) {
        let resource = OtlpResource(attributes: [OtlpAttribute("service.namespace", "hms"), OtlpAttribute("service.name", service)])
        self.init(
            resourceSpans: [
                OtlpResourceSpans(
                    resource: resource, scopeSpans: [OtlpScopeSpans(scope: OtlpScope(name: "hms"), spans: spans.map(OtlpSpan.init))])
            ])
    }
}

extension OtlpSpan {
    init(_ span: TraceSpan) {
        let own = [OtlpAttribute("hms.correlation_id", span.correlationID), OtlpAttribute("hms.code", span.code)]
        self.init(
            traceID: span.trace.traceIDHigh.bytes + span.trace.traceIDLow.bytes, spanID: span.trace.spanID.bytes,
            traceState: span.traceState ?? "", parentSpanID: span.parentSpanID == 0 ? [] : span.parentSpanID.bytes, name: span.name,
            kind: Int32(span.kind.rawValue),
            startTimeUnixNano: UInt64(clamping: span.startedAt), endTimeUnixNano: UInt64(clamping: span.startedAt + span.duration),
            attributes: own + span.attributes.map { OtlpAttribute("\($0.key)", $0.value) },
            status: span.failed ? OtlpStatus(code: 2) : nil)
    }
}

extension OtlpAttribute {
    fileprivate init(_ key: String, _ value: String) {
        self.init(key: key, value: OtlpValue(stringValue: value))
    }
}

extension UInt64 {
    /// The highest first.
    fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) } }
}
