import FieldChecks
import Foundation
import HTTP2
import NIOCore
import RPC
import Testing

@testable import GRPC

@Suite struct StatusTests {
    @Test(arguments: [
        ("plain", "plain"), ("100 %", "100 %25"),
        (
            "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
            "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A"
        ),
    ])
    func `a sentence travels in printable letters`(text: String, encoded: String) {
        #expect(PercentText.encode(text) == encoded)
    }

    @Test(arguments: 0...70)
    func `bytes travel as others write them, without padding`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 250) }
        #expect(UnpaddedBase64.encode(bytes) == Data(bytes).base64EncodedString().replacing("=", with: ""))
    }

    @Test func `an error says what programs act on`() {
        let error = RPCError(
            .invalidArgument, "INVALID_ARGUMENT", "the request breaks its contract",
            violations: [FieldViolation(field: "name", message: "is missing")], retryAfter: .milliseconds(1500))
        let fields = Array(ProtobufFields(error.statusDetails))
        #expect(fields[0].value.number == 3 && fields[1].value.text == "the request breaks its contract")
        let details = fields.dropFirst(2).compactMap(\.value.bytes).map { Array(ProtobufFields($0)) }
        #expect(
            details.map { $0[0].value.text } == ["ErrorInfo", "BadRequest", "RetryInfo"].map { "type.googleapis.com/google.rpc.\($0)" })
        #expect(details[0][1].value.bytes.map { ProtobufFields($0).map(\.value.text) } == ["INVALID_ARGUMENT", "hms"])
        #expect(StatusTrailers.fields(error, isWholeAnswer: true).first("grpc-retry-pushback-ms") == "1500")
    }
}
