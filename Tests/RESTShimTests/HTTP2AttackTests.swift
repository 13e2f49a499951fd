import NIOCore
import NIOHPACK
import RPC
import Testing

@testable import RESTShim

/// HTTP/2's known attacks, one by one: each costs a bounded amount of work and memory, and others are served meanwhile.
@Suite(.timeLimit(.minutes(10))) struct HTTP2AttackTests {
    private typealias Client = FrameConnection

    private static let enhanceYourCalm: UInt32 = 11

    /// The attack ends in GOAWAY for one of these reasons, and somebody else is still served.
    private func expectGoAway(
        _ codes: Set<UInt32>, configure: (inout RESTServerConfiguration) -> Void = { _ in }, channel: FakeChannel = FakeChannel(),
        _ attack: (FrameConnection, Shim) async throws -> Void
    ) async throws {
        try await Shim.run(channel: channel, configure: configure) { shim async throws in
            try await FrameConnection.open(port: shim.port) { client in
                try await attack(client, shim)
                let code = try await client.goAway()
                #expect(codes.contains(code), "GOAWAY said \(code)")
                _ = await client.connection.rest()
            }
            #expect(try await shim.ask("GET", "/livez", role: nil).status == 200)
        }
    }

    private static func many(_ count: Int, _ frame: (Int) throws -> ByteBuffer) rethrows -> ByteBuffer {
        var all = ByteBuffer()
        for index in 0..<count { all.writeImmutableBuffer(try frame(index)) }
        return all
    }

    @Test func `rapid reset`() async throws {
        let channel = FakeChannel { _ in
            try await Task.sleep(for: .seconds(3600))
            return ClientReply(payload: ByteBuffer())
        }
        try await expectGoAway([Self.enhanceYourCalm], channel: channel) { client, shim in
            let fields = [("authorization", "Bearer \(try await shim.token())")]
            let flood = try Self.many(300) { index in
                var pair = Client.bytes(Client.headers, 5, stream: 2 * index + 1, try client.block("GET", "/v1/samples", fields))
                pair.writeImmutableBuffer(Client.bytes(Client.reset, stream: 2 * index + 1, ByteBuffer(integer: UInt32(8))))
                return pair
            }
            try await client.send(flood)
        }
        #expect(channel.calls.count <= 201)
    }

    @Test(arguments: [
        ("SETTINGS", FrameConnection.settings, 0), ("PING", FrameConnection.ping, 8), ("PRIORITY", FrameConnection.priority, 5),
        ("WINDOW_UPDATE", Client.windowUpdate, 4),
    ])
    func `a flood of control frames`(name: String, type: UInt8, length: Int) async throws {
        try await expectGoAway([Self.enhanceYourCalm]) { client, _ in
            // A priority, and an update of a window by one.
            var payload = ByteBuffer(repeating: 0, count: length)
            if type == Client.windowUpdate { payload.setInteger(UInt32(1), at: 0) }
            try await client.send(Self.many(3000) { _ in Client.bytes(type, stream: type == Client.priority ? 1 : 0, payload) })
        }
    }

    @Test func `DATA without a byte, without an end`() async throws {
        try await expectGoAway([Self.enhanceYourCalm]) { client, shim in
            let fields = [("authorization", "Bearer \(try await shim.token())"), ("content-type", "application/json")]
            try await client.request(1, "/v1/samples", fields, method: "POST", isWhole: false)
            try await client.send(Self.many(100) { _ in Client.bytes(Client.data, stream: 1) })
        }
    }

    @Test func `a header in CONTINUATIONs without an end`() async throws {
        try await expectGoAway([Self.enhanceYourCalm, 1]) { client, _ in
            try await client.send(Client.headers, flags: 1, stream: 1, payload: try client.block("GET", "/livez"))
            try await client.send(
                Self.many(50) { _ in Client.bytes(Client.continuation, stream: 1, ByteBuffer(repeating: 0x40, count: 100)) })
        }
    }

    /// One field of 4 KB is put into the table and named two thousand times.
    @Test func `a header that unpacks to a thousand times its size`() async throws {
        try await expectGoAway([1, 9, Self.enhanceYourCalm]) { client, _ in
            var block = try client.block("GET", "/livez", [("x-bomb", String(repeating: "a", count: 3000))])
            block.writeRepeatingByte(0x80 | 62, count: 2000)
            try await client.send(Client.headers, flags: 5, stream: 1, payload: block)
        }
    }

    @Test(arguments: [("too large a frame", UInt8(0), 20_000), ("SETTINGS of a broken length", 4, 5)])
    func `a frame of a length that can't be`(name: String, type: UInt8, length: Int) async throws {
        try await expectGoAway([6, 1]) { client, _ in
            try await client.send(Client.bytes(type, stream: type == 0 ? 1 : 0, ByteBuffer(repeating: 0, count: length)))
        }
    }

    @Test func `a window that overflows`() async throws {
        try await expectGoAway([3, 1]) { client, _ in
            try await client.send(Client.windowUpdate, payload: ByteBuffer(integer: UInt32(0x7FFF_FFFF)))
        }
    }

    @Test func `more streams than are allowed are refused`() async throws {
        let (going, letGo) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            for await _ in going { break }
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel, configure: { $0.limits.streamCount = 4 }) { shim async throws in
            let fields = [("authorization", "Bearer \(try await shim.token())")]
            try await FrameConnection.open(port: shim.port) { client in
                _ = try await client.next(Client.settings)
                for stream in [1, 3, 5, 7, 9] { try await client.request(stream, "/v1/samples", fields) }
                #expect(try await client.answer(on: 9).reset == 7)
                letGo.finish()
                for stream in [1, 3, 5, 7] { #expect(try await client.answer(on: stream).status == 200) }
            }
        }
    }

    @Test func `too many fields are refused with their reason`() async throws {
        try await Shim.run { shim async throws in
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/livez", (0..<101).map { ("x-\($0)", "1") })
                #expect(try await client.answer(on: 1).status == 431)
            }
        }
    }

    @Test func `an answer that nobody reads ends its stream`() async throws {
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(string: #"{"a":"\#(String(repeating: "a", count: 100_000))"}"#)) }
        try await Shim.run(channel: channel, configure: { $0.limits.writeTimeout = .milliseconds(100) }) { shim async throws in
            let fields = [("authorization", "Bearer \(try await shim.token())")]
            try await FrameConnection.open(port: shim.port, initialWindow: 0) { client in
                try await client.request(1, "/v1/samples", fields)
                #expect(try await client.answer(on: 1).reset == 8)
            }
        }
    }

    @Test func `who leaves answers unread gets no more of them`() async throws {
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(string: #"{"a":"\#(String(repeating: "a", count: 600_000))"}"#)) }
        try await Shim.run(channel: channel) { shim async throws in
            let fields = [("authorization", "Bearer \(try await shim.token())")]
            try await FrameConnection.open(port: shim.port, initialWindow: 0) { client in
                for stream in [1, 3] {
                    try await client.request(stream, "/v1/samples", fields)
                    while client.answers[stream]?.status == nil { _ = try await client.next(Client.headers) }
                }
                try await client.request(5, "/v1/samples", fields)
                #expect(try await client.answer(on: 5).reset == 7)
            }
        }
    }

    @Test func `a body that stops is told so`() async throws {
        try await Shim.run(configure: { $0.limits.bodyTimeout = .milliseconds(50) }) { shim async throws in
            let fields = [("authorization", "Bearer \(try await shim.token())"), ("content-type", "application/json")]
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples", fields, method: "POST", isWhole: false)
                #expect(try await client.answer(on: 1).status == 408)
            }
        }
    }

    /// Where the machine is so busy that the time is over before hello is said, sending it may fail.
    @Test func `a connection that says no more than hello is closed`() async throws {
        try await Shim.run(configure: { $0.limits.firstRequestTimeout = .milliseconds(50) }) { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try? await connection.send(FrameConnection.preface)
                _ = await connection.rest()
            }
        }
    }

    @Test func `a connection that rests too long is told to go`() async throws {
        let configure = { (configuration: inout RESTServerConfiguration) in configuration.limits.idleTimeout = .milliseconds(50) }
        try await expectGoAway([0], configure: configure) { client, _ in
            try await client.request(1, "/livez")
            #expect(try await client.answer(on: 1).status == 200)
        }
    }

    @Test(arguments: ["P", "PRI * HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"])
    func `a preface that stops is closed`(begin: String) async throws {
        let soon = { (configuration: inout RESTServerConfiguration) in
            (configuration.limits.firstRequestTimeout, configuration.limits.headTimeout) = (.milliseconds(50), .milliseconds(50))
        }
        try await Shim.run(configure: soon) { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try? await connection.send(begin)
                _ = await connection.rest()
            }
        }
    }

    @Test func `a preface that comes byte by byte is understood, and so is a method that begins like it`() async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                for byte in FrameConnection.preface.utf8 { try await connection.send([byte]) }
                #expect(try await connection.next { $0.getInteger(at: 3, as: UInt8.self) } == FrameConnection.settings)
            }
            try await RawConnection.open(port: shim.port) { connection in
                for text in ["P", "RI ", "/livez HTTP/1.1\r\nHost: h\r\n\r\n"] { try await connection.send(text) }
                #expect(try await connection.answer().status == 505)
            }
        }
    }
}
