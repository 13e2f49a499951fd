import Contracts
import NIOCore
import ProtobufC
import RPC
import Synchronization
import Testing

@testable import HospitalClient

/// Writes down what goes beside the requests.
private final class MetadataChannel: RPCChannel {
    let metadata = Mutex<[Metadata]>([])

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        metadata.withLock { $0.append(options.metadata) }
        return ClientReply(payload: ByteBuffer())
    }
}

@Suite struct CallersChannelTests {
    private func metadata(of method: MethodDescriptor, _ options: CallOptions = CallOptions()) async throws -> Metadata {
        let noting = MetadataChannel()
        let channel = CallersChannel(noting, token: { "abc" })
        _ = try await channel.call(method, ByteBuffer(), options)
        return try #require(noting.metadata.withLock { $0.first })
    }

    @Test func `every call has its caller's token`() async throws {
        #expect(try await metadata(of: PatientServiceMethods.getPatient)["authorization"] == "Bearer abc")
    }

    @Test func `what creates has a key of its own, and what reads has none`() async throws {
        let first = try await metadata(of: PatientServiceMethods.createPatient)["idempotency-key"]
        let second = try await metadata(of: PatientServiceMethods.createPatient)["idempotency-key"]
        #expect(first != nil && second != nil && first != second)
        #expect(try await metadata(of: PatientServiceMethods.getPatient)["idempotency-key"] == nil)
    }

    @Test func `a key of the caller is taken`() async throws {
        let options = CallOptions(metadata: ["idempotency-key": "desk-1"])
        #expect(try await metadata(of: PaymentServiceMethods.createPayment, options)["idempotency-key"] == "desk-1")
    }
}
