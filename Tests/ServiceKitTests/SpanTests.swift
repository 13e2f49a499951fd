import Contracts
import HMSTestKit
import NIOCore
import RPC
import Storage
import Synchronization
import Testing
import UnimplementedServices

@testable import ServiceKit

/// What calls leave behind, for whoever wants to see what they did.
@Suite(.timeLimit(.minutes(10))) struct SpanTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital { $0.traces.slow = .seconds(600) }
    }

    private func options(sampled: Bool, _ role: CallerRole = .reception) async throws -> CallOptions {
        var options = try await hospital.options(role)
        options.trace = sampled ? .fresh().asSampled() : .fresh()
        options.metadata[MetadataName.correlationID] = "span-test"
        return options
    }

    private func withNotebook(
        failure: any Error = RPCError.internal, _ body: (ServiceAssembly) async throws -> Void
    ) async throws {
        let assembly = try await hospital.open(Notebook.definition(failure: failure))
        try await body(assembly)
        await assembly.close()
    }

    @Test func `a sampled call leaves its span, and those of what it wrote within it`() async throws {
        try await withNotebook { assembly in
            let options = try await options(sampled: true)
            #expect(await assembly.channel.send("milk", to: Notebook.add, options).code == .ok)
            let spans = assembly.resources.traces.newest(100)
            let call = try #require(spans.first { $0.kind == .server })
            let sent = try #require(options.trace)
            #expect(call.name == "test.Notebook/Add" && call.code == "OK" && !call.failed && call.correlationID == "span-test")
            #expect(call.parentSpanID == sent.spanID && call.trace.spanID == sent.answeringSpanID)
            for name in ["transaction", "commit"] {
                let span = try #require(spans.first { $0.name == name }, "\(name)")
                #expect(span.parentSpanID == call.trace.spanID && span.trace.traceID == sent.traceID && span.kind == .internal)
                #expect(span.duration <= call.duration && span.startedAt >= call.startedAt - 1_000_000, "\(name) lies within the call")
            }
        }
    }

    @Test func `a sampled read leaves what it read`() async throws {
        try await withNotebook { assembly in
            _ = await assembly.channel.send("", to: Notebook.count, try await options(sampled: true))
            #expect(Set(assembly.resources.traces.newest(100).map(\.name)).isSuperset(of: ["test.Notebook/Count", "read"]))
        }
    }

    @Test func `a call that nobody wants to see leaves nothing`() async throws {
        try await withNotebook { assembly in
            _ = await assembly.channel.send("milk", to: Notebook.add, try await options(sampled: false))
            _ = await assembly.channel.send("", to: Notebook.count, try await options(sampled: false))
            // A caller's mistake is no fault of the hospital's.
            _ = await assembly.channel.send("refuse", to: Notebook.add, try await options(sampled: false))
            _ = await assembly.channel.send("", to: Notebook.pay, try await options(sampled: false))
            #expect(assembly.resources.traces.newest(100).isEmpty)
        }
    }

    @Test func `a call that fails leaves its span, whether it is sampled or not`() async throws {
        try await withNotebook(failure: TestFailure()) { assembly in
            _ = await assembly.channel.send("", to: Notebook.fail, try await options(sampled: false))
            let span = try #require(assembly.resources.traces.newest(100).first)
            #expect(span.name == "test.Notebook/Fail" && span.code == "INTERNAL" && span.failed && !span.trace.isSampled)
        }
    }

    @Test(arguments: [(Int64(999_999), false), (1_000_000, true), (1_000_001, true)])
    func `what is slow is kept, sampled or not`(nanoseconds: Int64, isKept: Bool) {
        var configuration = TraceConfiguration()
        configuration.slow = .milliseconds(1)
        let recorder = SpanRecorder(service: "x", configuration)
        #expect(recorder.keeps(.fresh(), failed: false, after: nanoseconds) == isKept)
        #expect(recorder.keeps(.fresh(), failed: true, after: 0) && recorder.keeps(.fresh().asSampled(), failed: false, after: 0))
    }

    @Test func `only so many spans are remembered, the newest, and failures do not take away what was sampled`() {
        let recorder = SpanRecorder(service: "x")
        let sampled = TraceContext.fresh().asSampled()
        recorder.record(Self.span("wanted", sampled))
        for number in 0..<5_000 { recorder.record(Self.span("failed \(number)", .fresh())) }
        let all = recorder.newest(.max)
        #expect(all.count == 513 && all.contains { $0.name == "wanted" })
        #expect(all.contains { $0.name == "failed 4999" } && !all.contains { $0.name == "failed 4000" })
        #expect(recorder.recordedCount == 5_001)
    }

    @Test func `a request is found by its correlation id, and by its trace what has another`() throws {
        let recorder = SpanRecorder(service: "x")
        let trace = TraceContext.fresh().asSampled()
        recorder.record(Self.span("one", trace, correlationID: "desk-1"))
        recorder.record(Self.span("other", trace.nextHop(), correlationID: "other"))
        recorder.record(Self.span("stranger", .fresh().asSampled(), correlationID: "desk-2"))
        #expect(Set(recorder.spans(of: "desk-1", [], 10).map(\.name)) == ["one", "other"])
        #expect(Set(recorder.spans(of: trace.traceID, [], 10).map(\.name)) == ["one", "other"])
        #expect(Set(recorder.spans(of: "nothing", [trace.traceID], 10).map(\.name)) == ["one", "other"])
        #expect(recorder.spans(of: "nothing", [], 10).isEmpty && recorder.spans(of: "", [], 10).isEmpty)
    }

    @Test func `one call leaves a bounded number of spans, however much it reads`() async throws {
        let assembly = try await hospital.open(
            ServiceDefinition(name: "notebook", schema: []) { resources in [Reader(database: resources.database)] })
        _ = try await assembly.channel.call(Notebook.again, .init(), try await options(sampled: true))
        #expect(assembly.resources.traces.recordedCount == SpanRecorder.mostOfCall + 1)
        await assembly.close()
    }

    @Test func `texts in spans are cut`() {
        let span = Self.span(String(repeating: "n", count: 1_000), .fresh(), correlationID: String(repeating: "c", count: 1_000))
        #expect(span.name.utf8.count == 128 && span.correlationID.utf8.count == 128)
        #expect(TraceSpan.Attribute("key", String(repeating: "v", count: 1_000)).value.utf8.count == 128)
    }

    private static func span(_ name: String, _ trace: TraceContext, correlationID: String = "c") -> TraceSpan {
        TraceSpan(name, .internal, trace, parent: 0, correlationID: correlationID, duration: 1_000, code: "OK", failed: false)
    }
}

private struct TestFailure: Error {}

/// Reads a thousand times for one call.
private struct Reader: RPCService {
    let methods = [Notebook.again]
    let database: Database

    func call(_ call: ServerCall) async throws -> ServerReply {
        for _ in 0..<1_000 { _ = try await database.read { try $0.row("SELECT 1") { $0.int(0) } } }
        return ServerReply(payload: .init())
    }
}
