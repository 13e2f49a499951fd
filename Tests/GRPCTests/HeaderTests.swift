import HTTP2
import RPC
import Testing

@testable import GRPC

@Suite struct HeaderTests {
    @Test(arguments: [
        ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)), ("1500m", .milliseconds(1500)),
        ("7u", .microseconds(7)), ("99999999n", .nanoseconds(99_999_999)), ("0m", .zero),
    ])
    func `a timeout is read in every unit`(text: String, timeout: Duration) {
        #expect(GRPCHeader.timeout(text) == timeout)
    }

    @Test(arguments: ["", "m", "1", "1s", "-1S", "+1S", "123456789S", "1.5S", "1 S", "١S", "S1"])
    func `what is no timeout is none`(text: String) {
        #expect(GRPCHeader.timeout(text) == nil)
    }

    @Test(arguments: [
        ("application/grpc", true), ("application/grpc+proto", true), ("application/grpc;charset=utf-8", true),
        ("application/grpc+json", false), ("application/grpc-web", false), ("application/json", false), ("", false),
    ])
    func `a call is told by its content type`(type: String, isCall: Bool) {
        #expect(GRPCHeader.announces(["content-type": type]) == isCall)
    }

    @Test func `what the caller sends beside is kept, and what is the protocol's own is not`() throws {
        let header = try GRPCHeader(
            [
                ":method": "POST", ":path": "/hms.patient.v1.PatientService/GetPatient", "te": "trailers", "grpc-timeout": "5S",
                "authorization": "Bearer a", "trace-bin": "AAEC", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ], metadataLimit: 8192)
        #expect(header.method == "hms.patient.v1.PatientService/GetPatient" && header.timeout == .seconds(5))
        #expect(header.metadata == ["authorization": "Bearer a", "trace-bin": "AAEC"])
        #expect(header.trace?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test(arguments: [
        ("GET", "/a/B", "x", "1", StatusCode.unimplemented), ("POST", "a/B", "x", "1", .unimplemented),
        ("POST", "/a/B", "grpc-timeout", "soon", .invalidArgument), ("POST", "/a/B", "grpc-encoding", "br", .unimplemented),
        ("POST", "/a/B", "x", String(repeating: "a", count: 9000), .resourceExhausted),
    ])
    func `a header that is wrong ends the call`(method: String, path: String, name: String, value: String, code: StatusCode) {
        let fields: HeaderFields = [":method": method, ":path": path, name: value]
        #expect { try GRPCHeader(fields, metadataLimit: 8192) } throws: { ($0 as? RPCError)?.code == code }
    }
}
