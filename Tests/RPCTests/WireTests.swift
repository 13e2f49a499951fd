import FieldChecks
import Foundation
import NIOCore
import Testing

@testable import RPC

/// The bytes of the specification, Protos/WIRE.md, and of the code are the same.
@Suite struct WireTests {
    @Test func `the call of the specification comes out byte for byte`() throws {
        var client = ByteBuffer()
        Preface().write(to: &client)
        Self.hello.write(to: &client)
        Self.request.write(to: &client, streamID: 1)
        var server = ByteBuffer()
        Preface().write(to: &server)
        Self.hello.write(to: &server)
        Self.response.write(to: &server, streamID: 1)
        Self.refusal.write(to: &server, streamID: 3)

        let specification = try Specification()
        #expect(Array(client.readableBytesView) == specification.bytes(of: "client"))
        #expect(Array(server.readableBytesView) == specification.bytes(of: "server"))
    }

    @Test func `the call of the specification reads back`() throws {
        var decoder = FrameDecoder(limits: ConnectionLimits())
        decoder.append(ByteBuffer(bytes: try Specification().bytes(of: "server")))
        #expect(decoder.nextPreface() == .preface(Preface()))
        let hello = try Hello(reading: try #require(try decoder.nextFrame()))
        #expect(hello == Self.hello)
        let response = try Response(reading: try #require(try decoder.nextFrame()))
        #expect(response.metadata == Self.response.metadata)
        let refusal = try Response(reading: try #require(try decoder.nextFrame()))
        guard case .error(let error) = refusal.outcome else {
            Issue.record("the refusal is no error")
            return
        }
        #expect(error.reason == "OVERLOADED")
        #expect(error.retryAfter == .milliseconds(200))
        #expect(refusal.isNotProcessed)
        #expect(try decoder.nextFrame() == nil)
    }

    @Test func `the stream of the specification comes out byte for byte`() throws {
        let request = Request(
            methodID: MethodDescriptor.id(of: "hms.patient.v1.PatientService/ExportPatients"), timeoutMilliseconds: 60_000, trace: nil,
            creditKiB: 1, metadata: Metadata(), message: ByteBuffer())
        var client = ByteBuffer()
        request.write(to: &client, streamID: 5)
        client.writeWindow(512, streamID: 5)
        var server = ByteBuffer()
        server.writeData(.payload(ByteBuffer(bytes: [0x0A, 0x07, 0x0A, 0x05] + Array("pat_1".utf8))), streamID: 5)
        Response(outcome: .message(ByteBuffer())).write(to: &server, streamID: 5)

        let specification = try Specification()
        #expect(Array(client.readableBytesView) == specification.bytes(of: "stream-client"))
        #expect(Array(server.readableBytesView) == specification.bytes(of: "stream-server"))
        var decoder = FrameDecoder(limits: ConnectionLimits())
        decoder.append(client)
        #expect(try Request(reading: try #require(try decoder.nextFrame())).creditKiB == 1)
        #expect(try decoder.nextFrame()?.grantedByteCount() == 512)
    }

    @Test func `method ids are FNV-1a of the name`() {
        #expect(MethodDescriptor.id(of: "") == 0xcbf2_9ce4_8422_2325)
        #expect(MethodDescriptor.id(of: "a") == 0xaf63_dc4c_8601_ec8c)
        #expect(MethodDescriptor.id(of: "foobar") == 0x8594_4171_f739_67e8)
    }

    @Test func `one bit wrong anywhere in a frame is noticed`() throws {
        var frame = ByteBuffer()
        Self.request.write(to: &frame, streamID: 1)
        let bytes = Array(frame.readableBytesView)
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            var decoder = FrameDecoder(limits: ConnectionLimits())
            decoder.append(ByteBuffer(bytes: damaged))
            let outcome = Result { () throws(ConnectionFault) in try decoder.nextFrame() }
            if case .success(.some) = outcome { Issue.record("bit \(bit) was not noticed") }
        }
    }

    @Test func `frames come out alike however the bytes are cut`() throws {
        var frames = ByteBuffer()
        for id in stride(from: UInt32(1), to: 21, by: 2) {
            var request = Self.request
            if id == 7 { request.message = .payload(ByteBuffer(repeating: 7, count: 9000)) }
            request.write(to: &frames, streamID: id)
        }
        for size in Array(1...200) + [4096, 5000, 9500, 20_000] {
            var decoder = FrameDecoder(limits: ConnectionLimits())
            var rest = frames
            var ids: [UInt32] = []
            while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                decoder.append(piece)
                while let frame = try decoder.nextFrame() { ids.append(frame.header.streamID) }
            }
            #expect(ids == Array(stride(from: UInt32(1), to: 21, by: 2)), "pieces of \(size)")
        }
    }

    @Test(arguments: [
        FrameHeader(length: .max, type: FrameType.request, flags: 0, metadataLength: 0, streamID: 1, checksum: 0),
        FrameHeader(length: 40 + 4_194_305, type: FrameType.request, flags: 0, metadataLength: 0, streamID: 1, checksum: 0),
        FrameHeader(length: 40 + 8193, type: FrameType.request, flags: 0, metadataLength: 8193, streamID: 1, checksum: 0),
        FrameHeader(length: 39, type: FrameType.request, flags: 0, metadataLength: 0, streamID: 1, checksum: 0),
        FrameHeader(length: 41, type: FrameType.request, flags: 0, metadataLength: 2, streamID: 1, checksum: 0),
        FrameHeader(length: 1025, type: FrameType.ping, flags: 0, metadataLength: 0, streamID: 0, checksum: 0),
        FrameHeader(length: 65_537, type: 99, flags: 0, metadataLength: 0, streamID: 0, checksum: 0),
    ])
    func `a length over its limit is refused from the header alone`(header: FrameHeader) {
        #expect(throws: ConnectionFault.self) { try ConnectionLimits().check(header) }
    }

    @Test func `lengths at their limit pass`() throws {
        let header = FrameHeader(
            length: 40 + 8192 + 4_194_304, type: FrameType.request, flags: 0, metadataLength: 8192, streamID: 1, checksum: 0)
        try ConnectionLimits().check(header)
    }

    // MARK: The call of the specification

    static let hello = Hello(
        maximumMessageBytes: 4_194_304, maximumMetadataBytes: 8192, maximumCallsInFlight: 256, contractFingerprint: 0x0123_4567_89AB_CDEF)

    static var request: Request {
        Request(
            methodID: MethodDescriptor.id(of: "hms.patient.v1.PatientService/GetPatient"), timeoutMilliseconds: 10_000,
            trace: TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            metadata: ["x-correlation-id": "c-1"], message: ByteBuffer(bytes: [0x0A, 0x05] + Array("pat_1".utf8)))
    }

    static let response = Response(
        outcome: .message(ByteBuffer(bytes: [0x0A, 0x07, 0x0A, 0x05] + Array("pat_1".utf8))), metadata: ["version": "3"])

    static let refusal = Response(
        outcome: .error(
            RPCError(
                .unavailable, "OVERLOADED", "try later", violations: [FieldViolation(field: "a", message: "b")],
                retryAfter: .milliseconds(200))), isNotProcessed: true)
}

/// The hex dumps of Protos/WIRE.md: lines of `offset  bytes  | meaning` under a heading that names the sender.
struct Specification {
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "Protos/WIRE.md"), encoding: .utf8)
    }

    func bytes(of sender: String) -> [UInt8] {
        guard let start = text.range(of: "```hex \(sender)\n"),
            let end = text.range(of: "```", range: start.upperBound..<text.endIndex)
        else { return [] }
        return text[start.upperBound..<end.lowerBound].split(separator: "\n").flatMap { line in
            line.prefix { $0 != "|" }.dropFirst(4).split(separator: " ").compactMap { UInt8($0, radix: 16) }
        }
    }
}
