import Testing

@testable import RPC

/// W3C Trace Context, 3.3: what is passed on, and what is not.
@Suite struct TraceStateTests {
    @Test(
        arguments: [
            ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
            (" rojo=1 ,\tcongo=2\t", "rojo=1,congo=2"), ("rojo=1,,congo=2", "rojo=1,congo=2"), ("t@v=a b", "t@v=a b"), ("", nil),
            (" ", nil), (",", nil), ("rojo", nil), ("=1", nil), ("rojo=", nil), ("Rojo=1", nil), ("rojo=1=2", nil), ("rojo=ä", nil),
            ("rojo=1,rojo=2", nil), ("rojo=1,congo", nil),
        ] as [(String, String?)])
    func `members are passed on as they came, or none of them`(text: String, passedOn: String?) {
        #expect(TraceState.bounded(text) == passedOn)
    }

    @Test func `thirty-two members are passed on, and not one more`() {
        let members = (0..<33).map { "m\($0)=1" }
        #expect(TraceState.bounded(members.prefix(32).joined(separator: ",")) != nil)
        #expect(TraceState.bounded(members.joined(separator: ",")) == nil)
    }

    @Test func `what is too long loses long members first, and then the last ones`() {
        let long = "long=" + String(repeating: "x", count: 200)
        let short = (0..<5).map { "m\($0)=" + String(repeating: "y", count: 97) }
        let kept = short.prefix(5).joined(separator: ",")
        #expect(kept.utf8.count == 504)
        #expect(TraceState.bounded(([long] + short).joined(separator: ",")) == kept)
        let more = short + ["m5=" + String(repeating: "z", count: 97)]
        #expect(TraceState.bounded(more.joined(separator: ",")) == kept)
        #expect(TraceState.bounded("a=" + String(repeating: "x", count: 256))?.utf8.count == 258)
        #expect(TraceState.bounded("a=" + String(repeating: "x", count: 257)) == nil)
    }
}
