import NIOCore
import SeededRandom
import Testing

@testable import HTTP2

/// Whatever comes, in whatever pieces: nothing crashes, what is kept is bounded, and what is said doesn't depend on the pieces.
@Suite struct HTTP2FuzzTests {
    /// A session: some of it well formed, some of it not.
    private static func session(_ random: inout SplitMix64) -> [ByteBuffer] {
        var client = CoreClient()
        var next: UInt32 = 1
        return (0..<Int(random.next() % 60)).map { _ in
            switch random.next() % 8 {
            case 0, 1, 2:
                next += 2
                let fields = CoreClient.request + [("x-\(random.next() % 4)", String(random.next() % 3))]
                return CoreClient.bytes(1, random.next() % 2 == 0 ? 4 : 5, stream: next, client.block(fields))
            case 3: return CoreClient.bytes(0, UInt8(random.next() % 2), stream: stream(&random, upTo: next), bytes(&random, atMost: 200))
            case 4: return CoreClient.bytes(8, stream: stream(&random, upTo: next), ByteBuffer(integer: UInt32(1 + random.next() % 1000)))
            case 5: return CoreClient.bytes(3, stream: stream(&random, upTo: next), ByteBuffer(integer: UInt32(8)))
            case 6:
                let setting = FrameConformanceTests.setting(UInt16(1 + random.next() % 6), UInt32(random.next() % 70_000))
                return CoreClient.bytes(4, 0, stream: 0, setting)
            default:
                let kind = UInt8(random.next() % 12)
                return CoreClient.bytes(
                    kind, UInt8(truncatingIfNeeded: random.next()), stream: stream(&random, upTo: next + 4), bytes(&random, atMost: 40))
            }
        }
    }

    private static func stream(_ random: inout SplitMix64, upTo highest: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: random.next()) % (highest + 1)
    }

    private static func bytes(_ random: inout SplitMix64, atMost most: UInt64) -> ByteBuffer {
        ByteBuffer(bytes: (0..<random.next() % most).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    /// What the server says to a session that comes in pieces of those lengths.
    private static func said(to session: ByteBuffer, answersAtOnce: Bool, pieces length: () -> Int) -> [CoreClient.Frame] {
        var client = CoreClient()
        client.answersAtOnce = answersAtOnce
        var rest = session
        var answered = 0
        while rest.readableBytes > 0, let piece = rest.readSlice(length: min(rest.readableBytes, length())) {
            client.send(piece)
            while !answersAtOnce, answered < client.ended.count {
                client.answer(client.ended[answered], answered % 2 == 0 ? "an answer" : "")
                answered += 1
            }
            #expect(client.core.reader.heldByteCount <= HTTP2Frame.lengthLimit + HTTP2Frame.headerByteCount)
        }
        client.read()
        #expect(Set(client.closed).count == client.closed.count)
        return client.frames
    }

    @Test(arguments: 0..<150)
    func `what is said to frames of chance doesn't depend on where they were cut`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var session = ByteBuffer()
        for frame in Self.session(&random) { session.writeImmutableBuffer(frame) }
        let whole = Self.said(to: session, answersAtOnce: true) { session.readableBytes }
        let cut = Self.said(to: session, answersAtOnce: true) { 1 + Int(random.next() % 30) }
        #expect(whole == cut)
        _ = Self.said(to: session, answersAtOnce: false) { 1 + Int(random.next() % 30) }
    }

    @Test(arguments: 0..<100)
    func `bytes of chance`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let noise = Self.bytes(&random, atMost: 3000)
        _ = Self.said(to: noise, answersAtOnce: false) { 1 + Int(random.next() % 300) }
        var session = ByteBuffer()
        for frame in Self.session(&random) { session.writeImmutableBuffer(frame) }
        for _ in 0..<5 where session.readableBytes > 0 {
            session.setInteger(UInt8(truncatingIfNeeded: random.next()), at: Int(random.next() % UInt64(session.readableBytes)))
        }
        _ = Self.said(to: session, answersAtOnce: false) { 1 + Int(random.next() % 300) }
    }

    @Test(arguments: 0..<200)
    func `blocks of chance`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var decoder = HPACKDecoder(listByteCount: 4096)
        for _ in 0..<200 {
            let fields = try? decoder.fields(in: Self.bytes(&random, atMost: 60)).fields
            #expect((fields ?? [:]).reduce(0) { $0 + $1.cost } <= 4096)
        }
    }
}
