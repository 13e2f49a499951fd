import Contracts
import Logging
import NIOCore
import ProtobufC
import Testing

@testable import RPC

/// A reply at once is packed where it leaves from, and no other bytes leave than those of any other reply.
@Suite struct PackedReplyTests {
    private let response = GetPatientResponse(patient: Patient(patientID: "pat_1", name: "Maria Okonkwo", allergies: ["latex"], version: 3))

    /// The frames that go back to a call which `service` answers, behind a PONG that was gathered before.
    private func frames(of service: some RPCService, behind interceptors: [any ServerInterceptor] = [], accepting limit: UInt32 = 4096)
        throws -> [Frame]
    {
        let rules = ServerCallRules(overloadPushback: .zero, maximumTimeout: .hours(1), ageGrace: .zero)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let load = ServerLoad(maximumCalls: 10, maximumBytes: 1 << 20)
        var calls = ServerCalls(
            table: ServiceTable(services: [service], interceptors: interceptors, logger: logger), rules: rules, load: load)
        var core = ConnectionCore(
            role: .server, limits: ConnectionLimits(), rules: RPCServerOptions().healthRules, load: load)
        let now = NIODeadline.now()
        core.opened(at: now)
        core.receive(greeting(accepting: limit), at: now)
        guard case .begun(let call, let method) = try #require(calls.nextEvent(on: &core, at: now)) else { return [] }
        calls.openFrame(of: call, on: &core)
        core.write { $0.writePing(7) }
        guard case .ended(let response) = method.begin(call) else { return [] }
        #expect(calls.finish(call, with: response, on: &core, at: now) != nil)
        #expect(load.callsInFlight == 0)
        var decoder = FrameDecoder(limits: ConnectionLimits())
        decoder.append(core.takeOutbound())
        _ = decoder.nextPreface()
        var frames: [Frame] = []
        while let frame = try decoder.nextFrame() { frames.append(frame) }
        return Array(frames.dropFirst())
    }

    private func greeting(accepting limit: UInt32) -> ByteBuffer {
        var bytes = ByteBuffer()
        Preface().write(to: &bytes)
        Hello(maximumMessageBytes: limit, maximumMetadataBytes: 100, maximumCallsInFlight: 10, contractFingerprint: 0).write(to: &bytes)
        Request(
            methodID: PatientServiceMethods.getPatient.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(),
            message: .payload(GetPatientRequest(patientID: "pat_01jd4h6p0q8x5v2n7r9m3k1b6z").payload())
        ).write(to: &bytes, streamID: 1)
        return bytes
    }

    private func written(_ response: Response) throws -> Frame {
        var bytes = ByteBuffer()
        response.write(to: &bytes, streamID: 1)
        var decoder = FrameDecoder(limits: ConnectionLimits())
        decoder.append(bytes)
        return try #require(try decoder.nextFrame())
    }

    @Test(arguments: [[:], ["version": "3"]] as [Metadata])
    func `a packed reply is the frame that any reply is, with metadata and without`(metadata: Metadata) throws {
        let frames = try frames(of: Desk(response, metadata))
        let expected = try written(Response(outcome: .message(response.payload()), metadata: metadata))
        #expect(frames.map(\.header.type) == [FrameType.response, FrameType.ping])
        #expect(frames.first?.header == expected.header)
        #expect(frames.first?.body == expected.body)
    }

    @Test func `a reply that is larger than its caller accepts becomes INTERNAL`() throws {
        let frames = try frames(of: Desk(response), accepting: 16)
        #expect(frames.count == 2)
        #expect(try Response(reading: try #require(frames.last)).code == .internal)
    }

    @Test func `metadata that is larger than its caller accepts becomes INTERNAL`() throws {
        let frames = try frames(of: Desk(response, ["a": String(repeating: "x", count: 200)]))
        #expect(frames.count == 2)
        #expect(try Response(reading: try #require(frames.last)).code == .internal)
    }

    @Test func `a filter reads a packed reply, and what it makes of it is sent instead`() throws {
        let seen = try frames(of: Desk(response), behind: [Editor { $0 }])
        #expect(seen.last?.body.readableBytes == response.payload().readableBytes + Response.fixedByteCount)
        let refused = try frames(of: Desk(response), behind: [Editor { _ in throw RPCError.notFound("PATIENT_NOT_FOUND") }])
        #expect(try Response(reading: try #require(refused.last)).code == .notFound)
        let other = try frames(of: Desk(response), behind: [Editor { _ in ByteBuffer(string: "other") }])
        guard case .message(let message) = try Response(reading: try #require(other.last)).outcome else { return }
        #expect(String(buffer: message) == "other")
    }
}

/// Answers with what it has, at once.
private struct Desk: RPCService {
    let response: GetPatientResponse
    let metadata: Metadata

    init(_ response: GetPatientResponse, _ metadata: Metadata = Metadata()) {
        self.response = response
        self.metadata = metadata
    }

    var methods: [MethodDescriptor] { [PatientServiceMethods.getPatient] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        throw RPCError.internal
    }

    func answerAtOnce(_ call: ServerCall) throws -> ServerReply? {
        for (name, value) in metadata { call.context.reply(name, value) }
        return try call.answerAtOnce(reading: NothingStored()) { (_: GetPatientRequest, _: CallContext, _: NothingStored) in response }
    }
}

/// Replaces what a call was answered with.
private final class Editor: ServerFilter {
    let edit: @Sendable (ByteBuffer) throws -> ByteBuffer

    init(edit: @escaping @Sendable (ByteBuffer) throws -> ByteBuffer) {
        self.edit = edit
    }

    func enter(_ call: ServerCall) -> Bool { true }

    func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        outcome = Result {
            var reply = try outcome.get()
            reply.payload = try edit(reply.payload)
            return reply
        }
    }
}
