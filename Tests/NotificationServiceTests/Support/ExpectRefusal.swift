import HMSTestKit
import RPC
import Testing

func expectRefusal(
    _ code: StatusCode, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
) async {
    let refusal = await refusal(call)
    #expect(refusal?.code == code, sourceLocation: sourceLocation)
    #expect(refusal?.reason == reason, sourceLocation: sourceLocation)
}
