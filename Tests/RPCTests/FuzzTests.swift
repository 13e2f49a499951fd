import Foundation
import NIOCore
import SeededRandom
import Testing

@testable import RPC

/// Random, truncated and bit-flipped bytes at a real socket. A seed makes each run the same; HMS_FUZZ_FRAMES asks for more.
@Suite(.timeLimit(.minutes(10))) struct FuzzTests {
    private let frameCount = ProcessInfo.processInfo.environment["HMS_FUZZ_FRAMES"].flatMap { Int($0) } ?? 3000

    @Test func `no bytes crash the server, hold its memory, or keep it from serving others`() async throws {
        try await withServer(TestService.echo) { server, address in
            var mutation = FrameMutation(seed: 20_261_122)
            try await throwAt(address, frames: frameCount, &mutation)
            try await stillServes(address)
            while server.connectionCount > 0 { await Task.yield() }
            #expect(server.callsInFlight == 0)
            #expect(server.heldBytes == 0)
        }
    }

    @Test func `no bytes crash the client`() async throws {
        let seeds = Counter()
        let server = try await RawServer.start { streamID in
            var mutation = FrameMutation(seed: UInt64(seeds.add()))
            var bytes = ByteBuffer()
            for _ in 0..<8 { mutation.write(to: &bytes, streamID: streamID) }
            return bytes
        }
        var options = RPCClientOptions.patient
        options.retry.maximumAttempts = 1
        options.reconnect = Backoff(initial: .milliseconds(1), maximum: .milliseconds(1))
        try await withClient(server.address, options: options) { client in
            for _ in 0..<300 { _ = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions(timeout: .milliseconds(20))) } }
        }
        try await server.stop()
    }

    private func throwAt(_ address: ServerAddress, frames: Int, _ mutation: inout FrameMutation) async throws {
        var left = frames
        while left > 0 {
            let connection = try await RawConnection.open(address)
            var bytes = mutation.isGreeting() ? RawConnection.greeting : ByteBuffer()
            for id in 0..<min(20, left) { mutation.write(to: &bytes, streamID: UInt32(2 * id + 1)) }
            left -= 20
            connection.send(bytes)
            connection.close()
            try await connection.closed()
        }
    }
}

/// Makes frames that are a little, or wholly, wrong; some are right.
struct FrameMutation {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func isGreeting() -> Bool {
        Int.random(in: 0..<10, using: &random) > 0
    }

    mutating func write(to bytes: inout ByteBuffer, streamID: UInt32) {
        var frame = ByteBuffer()
        writeSound(to: &frame, streamID: streamID)
        var raw = Array(frame.readableBytesView)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: raw = noise(upTo: 200)
        case 1: raw.removeLast(Int.random(in: 1...raw.count, using: &random))
        case 2: for _ in 0...Int.random(in: 0..<4, using: &random) { flipBit(of: &raw) }
        case 3: raw = resealed(raw)
        case 4: raw.append(contentsOf: noise(upTo: 20))
        default: break
        }
        bytes.writeBytes(raw)
    }

    private mutating func writeSound(to frame: inout ByteBuffer, streamID: UInt32) {
        let payload = ByteBuffer(bytes: noise(upTo: 300))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: frame.writePing(random.next())
        case 1: frame.writeCancel(streamID: streamID)
        case 2: GoAway(lastStreamID: streamID, graceMilliseconds: 1, reason: .shutdown, message: "x").write(to: &frame)
        case 3: frame.writeFrame(UInt8.random(in: 0...255, using: &random), streamID: streamID) { $0.writeImmutableBuffer(payload) }
        case 4: Response(outcome: .message(payload), metadata: ["a": "b"]).write(to: &frame, streamID: streamID)
        default:
            Request(
                methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 1000, trace: .fresh(), metadata: ["a": "b"], message: payload
            ).write(to: &frame, streamID: streamID)
        }
    }

    /// Wrong fields under a right checksum, so that they reach the code behind it.
    private mutating func resealed(_ raw: [UInt8]) -> [UInt8] {
        var damaged = raw
        for _ in 0..<3 {
            let position = Int.random(in: 4..<damaged.count, using: &random)
            damaged[position] = UInt8.random(in: 0...255, using: &random)
        }
        var frame = ByteBuffer(bytes: damaged)
        let checksum = Checksum.ofFrame(at: 0, in: frame, bodyLength: damaged.count - FrameHeader.byteCount)
        frame.setInteger(checksum, at: FrameHeader.checkedByteCount)
        return Array(frame.readableBytesView)
    }

    private mutating func flipBit(of raw: inout [UInt8]) {
        raw[Int.random(in: 0..<raw.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }

    private mutating func noise(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
