import AsyncHTTPClient
import HMSTestKit
import NIOCore
import NIOHTTP1
import RPC
import Synchronization
import Testing

@testable import ServiceKit

/// What a library reports by swift-distributed-tracing: here the HTTP client.
@Suite(.timeLimit(.minutes(10))) struct LibrarySpanTests {
    /// Posts within `work`, and answers the headers of the trace that the receiver saw.
    private func post(_ recorder: SpanRecorder, _ within: (() async -> Int) async -> Int) async throws -> [String] {
        let seen = Mutex<[String]>([])
        let server = FakeHTTPServer { request in
            seen.withLock { $0 = request.headers["traceparent"] + request.headers["tracestate"] }
            return .init(status: 200, body: [])
        }
        var configuration = HTTPClient.Configuration()
        configuration.tracing.tracer = LibraryTracer(recorder: recorder)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let status = try await server.whileServing { port in
            await within {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/letters?to=Zuleika")
                let answer = try? await client.execute(request, timeout: .seconds(30))
                return answer.map { Int($0.status.code) } ?? 0
            }
        }
        try await client.shutdown()
        #expect(status == 200)
        return seen.withLock { $0 }
    }

    @Test func `a call of a library is part of the letter that it hands over, and names the trace to its receiver`() async throws {
        let recorder = SpanRecorder(service: "notification")
        let event = TraceContext.fresh().asSampled()
        recorder.followUps.remember(SpanOrigin(trace: event, state: "congo=2", correlationID: "desk-1"))
        let letter = try #require(recorder.followUp(of: "desk-1"))
        let seen = try await post(recorder) { work in
            let status = await letter.run { await work() }
            letter.end("letter by sms", code: "OK", failed: false)
            return status
        }
        let spans = recorder.newest(9)
        let span = try #require(spans.first { $0.name == "letter by sms" })
        let call = try #require(spans.first { $0.name == "GET" })
        #expect(call.parentSpanID == span.trace.spanID && call.kind == .client && call.correlationID == "desk-1" && !call.failed)
        #expect(span.parentSpanID == event.spanID && call.trace.traceID == event.traceID)
        #expect(seen == [call.trace.traceparent, "congo=2"] && call.traceState == "congo=2")
        // Its address says to whom it is written.
        #expect(call.attributes.isEmpty && !"\(spans)".contains("Zuleika"))
    }

    @Test func `a call that is part of nothing leaves nothing and names nothing`() async throws {
        let recorder = SpanRecorder(service: "notification")
        #expect(try await post(recorder) { await $0() } == [])
        #expect(recorder.newest(9).isEmpty)
    }
}
