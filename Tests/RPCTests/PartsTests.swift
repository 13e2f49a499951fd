import NIOCore
import SeededRandom
import Testing

@testable import RPC

/// The small parts, without a socket.
@Suite struct PartsTests {
    @Test func `timers come out in the order of their instants, and those taken out don't`() {
        var random = SplitMix64(seed: 7)
        var heap = TimerHeap<LoopTimer>()
        var timers: [LoopTimer] = []
        for _ in 0..<1000 {
            let timer = LoopTimer()
            heap.set(timer, at: .uptimeNanoseconds(.random(in: 1...500, using: &random)))
            timers.append(timer)
        }
        for timer in timers.prefix(300) { heap.remove(timer) }
        for timer in timers.dropFirst(300).prefix(300) { heap.set(timer, at: .uptimeNanoseconds(.random(in: 1...500, using: &random))) }
        var order: [NIODeadline] = []
        while let timer = heap.popExpired(at: .uptimeNanoseconds(500)) { order.append(timer.instant) }
        #expect(order.count == 700)
        #expect(order == order.sorted())
        #expect(heap.earliest == nil)
    }

    @Test func `a timer whose instant hasn't come stays`() {
        var heap = TimerHeap<LoopTimer>()
        heap.set(LoopTimer(), at: .uptimeNanoseconds(10))
        #expect(heap.popExpired(at: .uptimeNanoseconds(9)) == nil)
        #expect(heap.popExpired(at: .uptimeNanoseconds(10)) != nil)
    }

    @Test func `metadata is set, replaced, merged and removed by name`() {
        var metadata: Metadata = ["a": "1", "b": "zwei ✓"]
        metadata["a"] = "one"
        #expect(metadata["a"] == "one")
        #expect(metadata["b"] == "zwei ✓")
        #expect(metadata["c"] == nil)
        metadata.merge(["b": "2", "c": ""])
        #expect(metadata.map { "\($0.name)=\($0.value)" } == ["a=one", "b=2", "c="])
        metadata["b"] = nil
        #expect(!metadata.contains("b"))
        #expect(metadata.description == "[a, c]")
    }

    @Test(arguments: ["", "Upper", "sp ace", "ü", String(repeating: "x", count: 256)])
    func `a name that can't travel isn't taken`(name: String) {
        var metadata = Metadata()
        metadata[name] = "x"
        #expect(metadata.isEmpty)
    }

    @Test(arguments: [[1], [0, 0, 0], [1, 65, 0, 0], [1, 97, 0, 2, 120], [1, 97, 0, 1, 0xFF], [1, 97, 0]] as [[UInt8]])
    func `malformed metadata is refused`(bytes: [UInt8]) {
        #expect(Metadata(untrusted: ByteBuffer(bytes: bytes)) == nil)
    }

    @Test func `a traceparent reads back as it was written`() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(TraceContext(traceparent: text)?.traceparent == text)
    }

    @Test func `new traces are unlike one another and read back`() {
        let (one, other) = (TraceIDs(), TraceIDs())
        let traces = (0..<1_000).flatMap { _ in [one.fresh(), other.fresh()] }
        #expect(Set(traces.map(\.traceID)).count == 2_000)
        #expect(traces.allSatisfy { TraceContext(traceparent: $0.traceparent) == $0 && $0.traceID.utf8.count == 32 })
    }

    @Test(arguments: [
        "", "00", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-", "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0F-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0G",
        "00-4bf92f3577b34da6a3ce929d0e0e47361-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b71-01",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "00-4bf92f3577b34da6a3ce929d0e0e473.-00f067aa0ba902b7-01", "-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ])
    func `what is no traceparent is none`(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test(arguments: [
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-ever",
        "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03",
    ])
    func `of a later version, and of flags that are not known, as much is read as this one knows`(text: String) {
        let known = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(TraceContext(traceparent: text)?.traceparent == known)
    }

    @Test(arguments: [("00", false), ("01", true), ("02", false), ("fe", false), ("ff", true)])
    func `only the first flag says that a trace is sampled`(flags: String, isSampled: Bool) {
        let trace = TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(flags)")
        #expect(trace?.isSampled == isSampled)
    }

    @Test func `one of so many new traces is sampled, and one that is taken over by its id alone`() throws {
        let none = TraceIDs()
        let some = TraceIDs(samplingOneOf: 4)
        let all = TraceIDs(samplingOneOf: 1)
        #expect((0..<1_000).allSatisfy { _ in !none.fresh().isSampled && all.fresh().isSampled })
        #expect((100...400).contains((0..<1_000).count { _ in some.fresh().isSampled }))
        let (eight, nine) = (
            try #require(TraceContext(traceIDHigh: 1, traceIDLow: 8, spanID: 1, flags: 0)),
            try #require(TraceContext(traceIDHigh: 1, traceIDLow: 9, spanID: 1, flags: 0))
        )
        #expect(some.going(on: eight).isSampled && !some.going(on: nine).isSampled)
        #expect(none.going(on: nine.asSampled()).isSampled)
    }

    @Test func `a call is answered in one span, which is not its caller's, and its own calls are parts of that`() throws {
        let trace = TraceContext.fresh().asSampled()
        let context = CallContext(method: .echo, trace: trace)
        #expect(trace.answeringSpanID == trace.answeringSpanID && trace.answeringSpanID != trace.spanID)
        let (one, other) = (CallOptions(from: context), CallOptions(from: context))
        #expect(one.parentSpanID == trace.answeringSpanID && other.parentSpanID == trace.answeringSpanID)
        #expect(one.trace?.spanID != other.trace?.spanID && one.trace?.traceID == trace.traceID && one.trace?.isSampled == true)
    }

    @Test func `the next hop keeps the trace and has a span of its own`() throws {
        let trace = TraceContext.fresh()
        #expect(trace.nextHop().traceID == trace.traceID)
        #expect(trace.nextHop().spanID != trace.spanID)
    }

    @Test func `control frames are paid from a budget that time and calls fill`() {
        var limits = ConnectionLimits()
        limits.controlFrameBurst = 2
        limits.controlFramesPerSecond = 1
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var budget = ControlBudget(limits: limits, now: start)
        let later = start + .seconds(1)
        #expect([budget.spend(now: start), budget.spend(now: start), budget.spend(now: later)] == [true, true, true])
        budget.earn()
        #expect([budget.spend(now: later), budget.spend(now: later)] == [true, false])
    }

    @Test func `a timeout on the wire is rounded up, and never the zero that means none`() {
        #expect(Duration.microseconds(1).wireMilliseconds == 1)
        #expect(Duration.milliseconds(10_000).wireMilliseconds == 10_000)
        #expect(Duration.seconds(-1).wireMilliseconds == 0)
        #expect(Duration.seconds(Int64.max).wireMilliseconds == 4_000_000_000)
        #expect(Deadline.after(.zero).wireTimeout(at: .now()) == 1)
        #expect(Deadline.never.wireTimeout(at: .now()) == 0)
    }

    @Test func `a server takes on as many calls as it has places`() {
        let load = ServerLoad(maximumCalls: 2, maximumBytes: 1000)
        #expect(load.admit(bytes: 0))
        #expect(load.admit(bytes: 0))
        #expect(!load.admit(bytes: 0))
        load.release(bytes: 0)
        #expect(load.admit(bytes: 0))
        #expect(load.callsInFlight == 2)
    }

    @Test func `requests fill the room for bytes, and large ones three quarters of it`() {
        let large = ServerLoad.largeRequestBytes
        let load = ServerLoad(maximumCalls: 100, maximumBytes: 4 * large)
        #expect([load.admit(bytes: large), load.admit(bytes: large), load.admit(bytes: large)] == [true, true, true])
        #expect(!load.admit(bytes: large))
        #expect(load.admit(bytes: large - 1))
        #expect(load.admit(bytes: 1))
        #expect(!load.admit(bytes: 1))
        #expect(load.heldBytes == 4 * large)
        load.release(bytes: large)
        #expect(load.hold(large, of: 1))
        #expect(!load.hold(1, of: 1))
        #expect(load.callsInFlight == 4)
        #expect(load.heldBytes == 4 * large + 1)
    }

    @Test func `a text is cut at a character, not within one`() {
        #expect("aé✓".prefix(whoseUTF8Fits: 3) == "aé")
        #expect("aé✓".prefix(whoseUTF8Fits: 5) == "aé")
        #expect("aé✓".prefix(whoseUTF8Fits: 6) == "aé✓")
        #expect("".prefix(whoseUTF8Fits: 0).isEmpty)
    }
}
