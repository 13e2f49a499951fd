import NIOCore
import RPC
import Testing

@testable import RESTShim

/// The conventions of the public API, each on a route of the kind that it is about.
@Suite(.timeLimit(.minutes(10))) struct ConventionTests {
    private func answering(_ json: String, metadata: Metadata = [:]) -> FakeChannel {
        FakeChannel { _ in ClientReply(payload: ByteBuffer(string: json), metadata: metadata) }
    }

    // MARK: Bodies

    @Test func `a body reaches the service and what is created comes back with its location and tag`() async throws {
        let channel = answering(#"{"version":1,"location":"/v1/samples/s_1"}"#)
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", body: #"{"name":"a"}"#)
            #expect(answer.status == 201)
            #expect(answer["Location"] == "/v1/samples/s_1")
            #expect(answer["ETag"] == #""1""#)
            #expect(answer["Content-Type"] == "application/json")
            #expect(channel.calls.map(\.payload) == [#"body={"name":"a"}"#])
        }
    }

    @Test(arguments: [
        ("text/plain", 415), ("application/xml", 415), ("application/json; charset=latin1", 415), ("application/jsonp", 415), ("json", 415),
        ("application/json; charset=utf-8", 201), ("Application/JSON;charset=\"UTF-8\"", 201), ("application/json ; a=b", 201),
    ])
    func `a body is JSON in UTF-8 or refused`(contentType: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", ["Content-Type": contentType], body: "{}")
            #expect(answer.status == status)
            if status == 415 { #expect(answer.code == "UNSUPPORTED_MEDIA_TYPE") }
        }
    }

    @Test func `a body without a content type, or with a content coding, is refused`() async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("POST", "/v1/samples", ["Content-Type": ""], body: "{}").status == 415)
            #expect(try await shim.ask("POST", "/v1/samples", ["Content-Encoding": "gzip"], body: "{}").status == 415)
            #expect(try await shim.ask("POST", "/v1/samples", ["Content-Encoding": "identity"], body: "{}").status == 201)
        }
    }

    @Test func `a route with a body wants one and a route without takes none`() async throws {
        try await Shim.run { shim async throws in
            let missing = try await shim.ask("PATCH", "/v1/samples/s_1")
            #expect(missing.status == 400 && missing.code == "INVALID_ARGUMENT")
            #expect(try await shim.ask("POST", "/v1/samples").status == 201)
            #expect(try await shim.ask("POST", "/v1/samples/s_1/touch").status == 200)
            #expect(try await shim.ask("POST", "/v1/samples/s_1/touch", body: "{}").status == 200)
            #expect(try await shim.ask("POST", "/v1/samples/s_1/touch", body: #"{"a":1}"#).status == 400)
            #expect(try await shim.ask("GET", "/v1/samples/s_1", body: #"{"a":1}"#).status == 400)
        }
    }

    // MARK: Paths and queries

    @Test(arguments: [
        ("/v1/samples/a%2Fb", "sample_id=a/b"), ("/v1/samples/a+b", "sample_id=a+b"), ("/v1/s%61mples/x", "sample_id=x"),
        ("/v1/samples/%E2%82%AC", "sample_id=€"), ("/v1/samples/special", ""), ("/v1/samples?query=a+b%2B", "query=a b+"),
        ("/v1/samples?email=a+b@x.org", "email=a+b@x.org"), ("/v1/samples?email=a%2Bb%20@x.org&query=a+b", "email=a+b @x.org query=a b"),
        ("/v1/samples?tag=a&page_size=5&tag=b", "tag=a,b page_size=5"), ("/v1/samples?query", "query="), ("/v1/samples?", ""),
        ("/v1/samples?query=a=b", "query=a=b"), ("http://hospital/v1/samples/s_1", "sample_id=s_1"),
    ])
    func `a path and a query are decoded`(target: String, called: String) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            #expect(try await shim.ask("GET", target).status == 200)
            #expect(channel.calls.map(\.payload) == [called])
        }
    }

    @Test(arguments: [
        ("/v1/samples/%zz", 400), ("/v1/samples/%", 400), ("/v1/samples/%C3%28", 400), ("/v1/samples?query=%f", 400),
        ("/v1/samples?color=red", 400), ("/v1/samples/s_1?query=a", 400), ("/v1/samples/", 404), ("/v1//samples", 404), ("/v1", 404),
        ("http:///v1/samples", 400), ("http://a@b/v1/samples", 400), ("/v1/samples/s_1/x", 404), ("/V1/samples", 404), ("v1/samples", 400),
        ("*", 400), ("/v1/samples#a", 400),
    ])
    func `what stands at no path is not found and what can't be read is refused`(target: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("GET", target).status == status)
        }
    }

    @Test func `every unknown parameter is named at once`() async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples?color=red&query=a&shape=round")
            let violations = answer.json["violations"] as? [[String: String]] ?? []
            #expect(violations.map { $0["field"] } == ["color", "shape"])
        }
    }

    @Test func `a path answers the methods it knows and names them for any other`() async throws {
        try await Shim.run { shim async throws in
            let refused = try await shim.ask("PUT", "/v1/samples/s_1")
            #expect(refused.status == 405 && refused.code == "METHOD_NOT_ALLOWED")
            #expect(refused["Allow"] == "GET, PATCH, DELETE, HEAD, OPTIONS")
            let options = try await shim.ask("OPTIONS", "/v1/samples", role: nil)
            #expect(options.status == 204)
            #expect(options["Allow"] == "POST, GET, HEAD, OPTIONS")
            let all = try await shim.ask("OPTIONS", "*", role: nil)
            #expect(all.status == 204)
            #expect(all["Allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        }
    }

    @Test func `HEAD says what GET says, without the body`() async throws {
        try await Shim.run(channel: answering(#"{"version":7}"#)) { shim async throws in
            let head = try await shim.ask("HEAD", "/v1/samples/s_1")
            #expect(head.status == 200)
            #expect(head["ETag"] == #""7""#)
            #expect(head["Content-Length"] == "13")
        }
    }

    @Test func `a delete is answered without a body`() async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("DELETE", "/v1/samples/s_1")
            #expect(answer.status == 204)
            #expect(answer["Content-Length"] == nil && answer["Content-Type"] == nil)
        }
    }

    // MARK: Versions

    @Test(arguments: [
        (#""3""#, 200, "version=3"), (#""3", "3""#, 200, "version=3"), (#"W/"4", "3""#, 200, "version=3"), ("*", 200, ""),
        (#"W/"3""#, 412, nil), (#""abc""#, 412, nil), (#""03""#, 412, nil), (#""99999999999999999999""#, 412, nil),
        ("3", 400, nil), (#""3"#, 400, nil), ("", 400, nil), (#""3" "4""#, 400, nil), ("w/\"3\"", 400, nil),
    ])
    func `If-Match holds a change to one version`(field: String, status: Int, version: String?) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("PATCH", "/v1/samples/s_1", ["If-Match": field], body: "{}")
            #expect(answer.status == status)
            #expect(answer.code == [400: "INVALID_ARGUMENT", 412: "VERSION_MISMATCH"][status])
            let expected = version.map { ["sample_id=s_1 \($0) body={}".replacing("  ", with: " ")] } ?? []
            #expect(channel.calls.map(\.payload) == expected)
        }
    }

    @Test(arguments: [
        (#""3", "5""#, 200, [3]), (#""5", W/"6", "2", "5""#, 200, [2, 5]), (#""1", "2""#, 412, [1, 2]), (#""9", "5""#, 200, [5]),
        (#""0","1","2","3","4","6","7","8","9","10""#, 200, [0, 1, 2, 3]),
        (#""0","1","2","3","4","5","6","7","8","9","10""#, 400, []),
    ])
    func `a change may be held to any of several versions, and is made to the one that is there`(
        field: String, status: Int, tried: [Int]
    ) async throws {
        let channel = FakeChannel { call in
            guard call.payload.contains("version=3 ") || call.payload.contains("version=5 ") else {
                throw RPCError(.aborted, "VERSION_MISMATCH", "Another version.")
            }
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("PATCH", "/v1/samples/s_1", ["If-Match": field], body: "{}")
            #expect(answer.status == status)
            #expect(channel.calls.map(\.payload) == tried.map { "sample_id=s_1 version=\($0) body={}" })
        }
    }

    @Test func `another error than a mismatch ends the trying of versions`() async throws {
        let channel = FakeChannel { _ in throw RPCError(.unavailable, "UNAVAILABLE", "Gone.") }
        try await Shim.run(channel: channel) { shim async throws in
            #expect(try await shim.ask("PATCH", "/v1/samples/s_1", ["If-Match": #""1", "2""#], body: "{}").status == 503)
            #expect(channel.calls.count == 1)
        }
    }

    @Test(arguments: [(#""7""#, 200), (#""6", "7""#, 200), ("*", 200), (#"W/"7""#, 412), (#""6""#, 412), ("7", 400)])
    func `If-Match holds a read to a version, too`(field: String, status: Int) async throws {
        try await Shim.run(channel: answering(#"{"version":7}"#)) { shim async throws in
            #expect(try await shim.ask("GET", "/v1/samples/s_1", ["If-Match": field]).status == status)
        }
    }

    @Test func `what has no version matches no tag`() async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("GET", "/v1/samples", ["If-Match": #""1""#]).status == 412)
            #expect(try await shim.ask("GET", "/v1/samples", ["If-Match": "*"]).status == 200)
            #expect(try await shim.ask("GET", "/v1/samples", ["If-None-Match": #""1""#]).status == 200)
        }
    }

    @Test func `a change on the condition that something isn't there is refused rather than made`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            for field in ["*", #""1""#] {
                #expect(try await shim.ask("PATCH", "/v1/samples/s_1", ["If-None-Match": field], body: "{}").status == 400)
                #expect(try await shim.ask("POST", "/v1/samples", ["If-None-Match": field], body: "{}").status == 400)
            }
            #expect(channel.calls.isEmpty)
        }
    }

    @Test func `a change that can't be held to a version refuses If-Match rather than ignore it`() async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("DELETE", "/v1/samples/s_1", ["If-Match": #""1""#]).status == 400)
        }
    }

    @Test(arguments: [
        (#""7""#, 304), (#"W/"7""#, 304), (#""6", "7""#, 304), ("*", 304), (#""6""#, 200), ("7", 200),
    ])
    func `If-None-Match spares what the client has already`(field: String, status: Int) async throws {
        try await Shim.run(channel: answering(#"{"version":7}"#)) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples/s_1", ["If-None-Match": field])
            #expect(answer.status == status)
            #expect(answer["ETag"] == #""7""#)
            #expect(answer.body.isEmpty == (status == 304))
        }
    }

    // MARK: What travels beside the message

    @Test func `the key, the token, the correlation id and the trace are passed on`() async throws {
        let channel = FakeChannel()
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await Shim.run(channel: channel) { shim async throws in
            let fields = [
                "Idempotency-Key": "key 1", "X-Correlation-ID": "call.1", "traceparent": trace,
                "tracestate": "rojo=00f067aa0ba902b7 , congo=t61",
            ]
            let answer = try await shim.ask("POST", "/v1/samples", fields, body: "{}")
            #expect(answer["X-Correlation-ID"] == "call.1")
            #expect(answer["traceparent"] == trace)
            let options = try #require(channel.calls.first?.options)
            #expect(options.metadata["idempotency-key"] == "key 1")
            #expect(options.metadata["x-correlation-id"] == "call.1")
            #expect(options.metadata["authorization"]?.hasPrefix("Bearer ey") == true)
            #expect(options.metadata["tracestate"] == "rojo=00f067aa0ba902b7,congo=t61")
            // The same trace, one span on (W3C Trace Context, 3.2.2.4).
            let passedOn = try #require(options.trace)
            #expect(passedOn.traceID == "0af7651916cd43dd8448eb211c80319c" && passedOn.isSampled)
            #expect(passedOn.traceparent != trace && options.parentSpanID != passedOn.spanID)
        }
    }

    @Test(arguments: ["", "00-00-00-00"]) func `what is written beside a trace that is none is not passed on`(trace: String) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            _ = try await shim.ask("GET", "/v1/samples", ["traceparent": trace, "tracestate": "congo=t61"])
            #expect(try #require(channel.calls.first?.options).metadata["tracestate"] == nil)
        }
    }

    @Test func `two traceparents are none, whatever they say`() async throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples", ["traceparent": trace, "Traceparent": trace])
            #expect(answer.status == 200)
            #expect(answer["traceparent"]?.contains("0af7651916cd43dd8448eb211c80319c") == false)
        }
    }

    @Test(arguments: ["", "a b", "ä", String(repeating: "x", count: 129), "a/b"])
    func `a correlation id that can't be used is replaced`(sent: String) async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples", ["X-Correlation-ID": sent, "traceparent": "00-00-00-00"])
            #expect(answer.status == 200)
            #expect(CorrelationID.isValid(answer["X-Correlation-ID"] ?? ""))
            #expect(answer["traceparent"]?.utf8.count == 55)
        }
    }

    @Test func `a replayed answer says so`() async throws {
        try await Shim.run(channel: answering("{}", metadata: ["idempotent-replayed": "true"])) { shim async throws in
            #expect(try await shim.ask("POST", "/v1/samples", ["Idempotency-Key": "k"], body: "{}")["Idempotent-Replayed"] == "true")
        }
    }

    @Test(arguments: [("", 400), (String(repeating: "k", count: 256), 400), ("schlüssel", 400), (String(repeating: "k", count: 255), 201)])
    func `an idempotency key is 1 to 255 printable characters`(key: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("POST", "/v1/samples", ["Idempotency-Key": key], body: "{}").status == status)
        }
    }

    @Test(arguments: [
        ("1", 200), ("60000", 200), ("0", 400), ("60001", 400), ("-5", 400), ("1e3", 400), ("", 400), ("999999999999999999999", 400),
    ])
    func `X-Timeout-Ms sets the deadline within its bounds`(milliseconds: String, status: Int) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            #expect(try await shim.ask("GET", "/v1/samples", ["X-Timeout-Ms": milliseconds]).status == status)
            #expect(channel.calls.map(\.options.timeout) == (status == 200 ? [.milliseconds(Int(milliseconds) ?? 0)] : []))
        }
    }

    @Test func `without X-Timeout-Ms the deadline is ten seconds`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            _ = try await shim.ask("GET", "/v1/samples")
            #expect(channel.calls.first?.options.timeout == .seconds(10))
        }
    }
}
