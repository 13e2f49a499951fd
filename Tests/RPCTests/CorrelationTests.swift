import Testing

@testable import RPC

/// What ties the log lines of a request together.
@Suite struct CorrelationTests {
    @Test(
        arguments: [
            (Metadata(), "00000000000000ab000000000000cdef"),
            (["x-correlation-id": "c-7"], "c-7"),
            (["x-correlation-id": "not one"], "00000000000000ab000000000000cdef"),
        ] as [(Metadata, String)])
    func `what is appended to a line is the correlation id`(metadata: Metadata, expected: String) {
        let trace = TraceContext(traceIDHigh: 0xAB, traceIDLow: 0xCDEF, spanID: 1, flags: 0)
        let context = CallContext(method: .echo, metadata: metadata, trace: trace)
        var text: [UInt8] = []
        context.appendCorrelationID(to: &text)
        #expect(String(decoding: text, as: UTF8.self) == expected)
        #expect(context.correlationID == expected)
    }

    @Test func `where a call has neither a trace nor an id, one is made for all its lines`() {
        let context = CallContext(method: .echo)
        var text: [UInt8] = []
        context.appendCorrelationID(to: &text)
        #expect(String(decoding: text, as: UTF8.self) == context.correlationID)
        #expect(text.count == 32)
    }

    @Test func `every digit of a trace's id is appended as it is written elsewhere`() throws {
        let trace = try #require(TraceContext(traceIDHigh: 0x0123_4567_89AB_CDEF, traceIDLow: 0xFEDC_BA98_7654_3210, spanID: 1, flags: 0))
        var text: [UInt8] = []
        trace.appendTraceID(to: &text)
        #expect(String(decoding: text, as: UTF8.self) == "0123456789abcdeffedcba9876543210")
        #expect(trace.traceID == "0123456789abcdeffedcba9876543210")
    }
}
