import Contracts
import HMSTestKit
import NIOCore
import RPC
import Storage
import Testing
import UnimplementedServices

@testable import ServiceKit

/// One request's way through the outbox: from the call that caused an event to what its receiver made of it.
@Suite(.timeLimit(.minutes(10))) struct EventSpanTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital { $0.traces.slow = .seconds(600) }
    }

    /// Tells of a change by an event.
    private static let teller = ServiceDefinition(
        name: "doctor", schema: [],
        subscriptions: [EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"])]
    ) { resources in [Teller(database: resources.database)] }

    /// Takes events, and tells of them by one of its own.
    private static let listener = ServiceDefinition(
        name: "appointment", schema: [],
        makeServices: { resources in
            [
                EventReceiver(resources) { event, transaction in
                    try transaction.publish(
                        OutboxEvent(
                            id: "evt_2", type: "appointment.cancelled", aggregateID: "apt_1", payload: [],
                            correlationID: event.correlationID, createdAt: 1))
                }
            ]
        })

    /// Runs the story until the listener has made its event; answers both sides.
    private func tell(
        sampled: Bool, state: String? = nil,
        _ body: (_ teller: ServiceHost, _ listener: ServiceAssembly, _ trace: TraceContext) async throws -> Void
    ) async throws {
        let listener = try await hospital.open(Self.listener)
        let teller = try await hospital.start(Self.teller, peers: ["appointment": listener.channel])
        let trace = sampled ? TraceContext.fresh().asSampled() : .fresh()
        var options = try await hospital.options(.reception)
        options.trace = trace
        options.metadata[MetadataName.correlationID] = "story-1"
        options.metadata[MetadataName.traceState] = state
        _ = try await teller.assembly.channel.call(Notebook.again, ByteBuffer(), options)
        while teller.eventCounts["appointment"]?.delivered != 1 { try await Task.sleep(for: .milliseconds(1)) }
        try await body(teller, listener, trace)
        await teller.stop()
        await listener.close()
    }

    private func traceparent(in assembly: ServiceAssembly) async throws -> String? {
        try await column("traceparent", in: assembly)
    }

    private func column(_ name: String, in assembly: ServiceAssembly) async throws -> String? {
        try await assembly.resources.database.read { try $0.row("SELECT \(name) FROM hms_outbox") { $0.textOrNil(0) } } ?? nil
    }

    @Test func `an event carries its request's trace through the outbox to its receiver, and on`() async throws {
        try await tell(sampled: true) { teller, listener, trace in
            let sent = teller.assembly.resources.traces.newest(100)
            let call = try #require(sent.first { $0.name == "test.Notebook/Again" })
            let delivery = try #require(sent.first { $0.name == "deliver doctor.changed" })
            #expect(delivery.parentSpanID == call.trace.spanID && delivery.kind == .producer && delivery.correlationID == "story-1")
            let taken = listener.resources.traces.newest(100)
            let receipt = try #require(taken.first { $0.name == "receive doctor.changed" })
            #expect(receipt.parentSpanID == delivery.trace.spanID && receipt.kind == .consumer && receipt.code == "OK")
            #expect((sent + taken).allSatisfy { $0.trace.traceID == trace.traceID })
            let next = try #require(try await traceparent(in: listener).flatMap(TraceContext.init(traceparent:)))
            #expect(next.traceID == trace.traceID && next.spanID == receipt.trace.spanID && next.isSampled)
        }
    }

    @Test func `what is done later for an event is part of its request, found by the correlation id`() async throws {
        try await tell(sampled: true) { _, listener, trace in
            let traces = listener.resources.traces
            traces.followUp(of: "story-1")?.end("letter by email", code: "OK", failed: false)
            traces.followUp(of: "story-2")?.end("letter by email", code: "OK", failed: false)
            let letters = traces.newest(100).filter { $0.name == "letter by email" }
            let receipt = try #require(traces.newest(100).first { $0.name == "receive doctor.changed" })
            #expect(letters.map(\.parentSpanID) == [receipt.trace.spanID] && letters.first?.trace.traceID == trace.traceID)
        }
    }

    @Test func `what others have written beside the trace is in every span, goes through the outbox, and on with what it causes`()
        async throws
    {
        try await tell(sampled: true, state: "rojo=1 , congo=2") { teller, listener, _ async throws in
            listener.resources.traces.followUp(of: "story-1")?.end("letter by email", code: "OK", failed: false)
            let spans = teller.assembly.resources.traces.newest(100) + listener.resources.traces.newest(100)
            let names = Set(spans.map(\.name))
            #expect(names.isSuperset(of: ["test.Notebook/Again", "commit", "deliver doctor.changed", "receive doctor.changed"]))
            #expect(names.contains("hms.event.v1.EventService/DeliverEvents") && names.contains("letter by email"))
            #expect(spans.filter { $0.traceState != "rojo=1,congo=2" }.map(\.name) == [])
            #expect(try await column("tracestate", in: teller.assembly) == "rojo=1,congo=2")
            #expect(try await column("tracestate", in: listener) == "rojo=1,congo=2")
        }
    }

    @Test(arguments: [nil, "no list", (0..<33).map { "v\($0)=1" }.joined(separator: ",")])
    func `what is no list of members, or too long, is in nothing`(state: String?) async throws {
        try await tell(sampled: true, state: state) { teller, listener, _ async throws in
            let spans = teller.assembly.resources.traces.newest(100) + listener.resources.traces.newest(100)
            #expect(spans.count > 4 && spans.allSatisfy { $0.traceState == nil })
            #expect(try await column("tracestate", in: teller.assembly) == nil)
            #expect(try await column("tracestate", in: listener) == nil)
            #expect(try await traceparent(in: listener) != nil)
        }
    }

    @Test func `an event of a request that nobody wants to see carries nothing`() async throws {
        try await tell(sampled: false, state: "rojo=1") { teller, listener, _ async throws in
            for assembly in [teller.assembly, listener] {
                #expect(try await traceparent(in: assembly) == nil)
                #expect(try await column("tracestate", in: assembly) == nil)
            }
            #expect(teller.assembly.resources.traces.newest(9).isEmpty && listener.resources.traces.newest(9).isEmpty)
        }
    }

    @Test func `only so many requests are remembered for what is done later`() {
        let followUps = FollowUps()
        for number in 0..<2_000 { followUps.remember(SpanOrigin(trace: .fresh(), state: nil, correlationID: "c-\(number)")) }
        #expect(followUps.origin(of: "c-1487") == nil && followUps.origin(of: "c-1488") != nil && followUps.origin(of: "c-1999") != nil)
    }
}

/// Writes an event for each call.
private struct Teller: RPCService {
    let methods = [Notebook.again]
    let database: Database

    func call(_ call: ServerCall) async throws -> ServerReply {
        try await database.write { transaction in
            try transaction.publish(
                OutboxEvent(
                    id: "evt_1", type: "doctor.changed", aggregateID: "doc_1", payload: [], correlationID: call.context.correlationID,
                    createdAt: 1))
        }
        return ServerReply(payload: ByteBuffer())
    }
}
