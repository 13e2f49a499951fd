import HMSTestKit
import Logging
import MetricsRegistry
import NIOHTTP1
import ProtobufC
import RPC
import Synchronization
import Testing

@testable import Contracts
@testable import ServiceKit

/// What a collector of OpenTelemetry is sent, and what becomes of it where there is none.
@Suite(.timeLimit(.minutes(10))) struct SpanExporterTests {
    private final class Collector: Sendable {
        private let state: Mutex<(bodies: [[UInt8]], statuses: [Int])>

        init(answering statuses: [Int]) { state = Mutex(([], statuses)) }

        var bodies: [[UInt8]] { state.withLock { $0.bodies } }

        /// The last status is given again and again.
        func take(_ body: [UInt8]) -> Int {
            state.withLock { state in
                state.bodies.append(body)
                return state.statuses.count > 1 ? state.statuses.removeFirst() : state.statuses[0]
            }
        }
    }

    private static func span(_ name: String, failed: Bool = false) throws -> TraceSpan {
        let trace = try #require(TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        return TraceSpan(
            name, .server, trace, state: "rojo=1,congo=2", parent: 0x00F0_67AA_0BA9_02B7, correlationID: "desk-1", duration: 1_000,
            code: "OK", failed: failed,
            attributes: [.init("peer", "patient")])
    }

    /// Runs an exporter before a collector that answers so, until `isDone`; answers what came and the two counts.
    private func export(
        _ spans: [TraceSpan], answering statuses: [Int]
    ) async throws -> (bodies: [[UInt8]], exported: Int, dropped: Int) {
        let collector = Collector(answering: statuses)
        let server = FakeHTTPServer { request in
            guard request.path == "/v1/traces", request.headers["Content-Type"] == ["application/x-protobuf"] else {
                return .init(status: 404, body: [])
            }
            return .init(status: collector.take(request.body), body: [])
        }
        let metrics = Metrics()
        return try await server.whileServing { port in
            let exporter = SpanExporter(to: "http://127.0.0.1:\(port)/v1/traces", service: "billing", metrics, logger: Self.quiet)
            for span in spans { exporter.add(span) }
            exporter.start()
            while await Self.count(metrics) < spans.count { try await Task.sleep(for: .milliseconds(2)) }
            await exporter.stop()
            return (
                collector.bodies, await Self.value("hms_trace_spans_exported_total", metrics),
                await Self.value("hms_trace_spans_dropped_total", metrics)
            )
        }
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func value(_ name: String, _ metrics: Metrics) async -> Int {
        await metrics.families().first { $0.name == name }?.samples.first?.count ?? 0
    }

    private static func count(_ metrics: Metrics) async -> Int {
        let (exported, dropped) = (
            await value("hms_trace_spans_exported_total", metrics), await value("hms_trace_spans_dropped_total", metrics)
        )
        return exported + dropped
    }

    @Test func `a span is sent with everything that it says`() async throws {
        let sent = try await export([try Self.span("GET /v1/bills", failed: true)], answering: [200])
        #expect(sent.exported == 1 && sent.dropped == 0)
        let request = try OtlpExportRequest(protobuf: try #require(sent.bodies.first))
        let process = try #require(request.resourceSpans.first)
        #expect(process.resource?.attributes.map { $0.value?.stringValue } == ["hms", "billing"])
        let span = try #require(process.scopeSpans.first?.spans.first)
        #expect(span.traceID == [0x0A, 0xF7, 0x65, 0x19, 0x16, 0xCD, 0x43, 0xDD, 0x84, 0x48, 0xEB, 0x21, 0x1C, 0x80, 0x31, 0x9C])
        #expect(span.spanID == [0xB7, 0xAD, 0x6B, 0x71, 0x69, 0x20, 0x33, 0x31])
        #expect(span.traceState == "rojo=1,congo=2")
        #expect(span.parentSpanID == [0x00, 0xF0, 0x67, 0xAA, 0x0B, 0xA9, 0x02, 0xB7])
        #expect(span.name == "GET /v1/bills" && span.kind == 2 && span.status?.code == 2)
        #expect(span.endTimeUnixNano - span.startTimeUnixNano == 1_000)
        #expect(span.attributes.map(\.key) == ["hms.correlation_id", "hms.code", "peer"])
    }

    @Test func `a collector that is busy is asked again`() async throws {
        let sent = try await export([try Self.span("one")], answering: [503, 200])
        #expect(sent.exported == 1 && sent.dropped == 0 && sent.bodies.count == 2)
    }

    @Test func `what a collector refuses is dropped and counted, and not sent again`() async throws {
        let sent = try await export([try Self.span("one")], answering: [400])
        #expect(sent.exported == 0 && sent.dropped == 1 && sent.bodies.count == 1)
    }

    @Test func `what finds no room is dropped and counted`() async throws {
        let metrics = Metrics()
        let exporter = SpanExporter(to: "http://127.0.0.1:1/v1/traces", service: "billing", metrics, logger: Self.quiet)
        let span = try Self.span("one")
        for _ in 0..<SpanExporter.room + 3 { exporter.add(span) }
        #expect(await Self.value("hms_trace_spans_dropped_total", metrics) == 3)
    }

    @Test(arguments: ["ftp://host/v1/traces", "http:///v1/traces", "host:4318", "http://user:secret@host/v1/traces"])
    func `a collector is named by a URL of HTTP without a secret`(text: String) {
        #expect(throws: ConfigurationError.self) {
            try HospitalConfiguration.load(arguments: [], environment: ["HMS_OTLP": text])
        }
    }
}
