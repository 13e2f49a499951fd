import HospitalClient
import RPC
import Testing

@Suite struct CallHeadersTests {
    @Test func `a header goes with the call under its name in lower case`() throws {
        let metadata = try CallHeaders(["Idempotency-Key: a: b ", "x-correlation-id:7"]).metadata
        #expect(metadata == ["idempotency-key": "a: b", "x-correlation-id": "7"])
    }

    @Test(arguments: [
        (["Idempotency-Key"], CallHeaderError.noHeader("Idempotency-Key")),
        (["Idempotency-Key: "], .noHeader("Idempotency-Key: ")),
        ([": value"], .noHeader(": value")),
        (["two words: value"], .noHeader("two words: value")),
        (["Naïve: value"], .noHeader("Naïve: value")),
        (["a: one\ntwo"], .noHeader("a: one\ntwo")),
        (["a: 1", "A: 2"], .twice("a")),
        (["Authorization: Bearer x"], .reserved("authorization")),
    ])
    func `what is no header is refused in words`(headers: [String], error: CallHeaderError) {
        #expect(throws: error) { try CallHeaders(headers) }
    }
}
