import NIOCore
import NIOPosix
import RPC
import ServiceLifecycle
import Synchronization
import Testing

@testable import RESTShim

/// More clients than there are places.
@Suite(.timeLimit(.minutes(10))) struct CrowdTests {
    /// One, so that connections come in the order in which they are opened.
    private static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let probe = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"

    /// A service that answers when it is let go.
    private struct Blocked {
        let channel: FakeChannel
        let started: AsyncStream<Void>
        let letGo: AsyncStream<Void>.Continuation

        init() {
            let (started, tellStarted) = AsyncStream.makeStream(of: Void.self)
            let (going, letGo) = AsyncStream.makeStream(of: Void.self)
            self.started = started
            self.letGo = letGo
            channel = FakeChannel { _ in
                tellStarted.yield()
                for await _ in going { break }
                return ClientReply(payload: ByteBuffer(string: "{}"))
            }
        }
    }

    private func expectAnswer(_ status: Int = 200, to connection: RawConnection, _ request: String) async throws {
        try await connection.send(request)
        #expect(try await connection.answer().status == status)
    }

    @Test func `the connection that has rested longest makes room for a new one`() async throws {
        let log = CapturedLog()
        try await Shim.run(logger: log.logger, loops: Self.loop, configure: { $0.limits.connectionCount = 2 }) { shim async throws in
            try await RawConnection.open(port: shim.port) { first in
                try await expectAnswer(to: first, probe)
                try await RawConnection.open(port: shim.port) { second in
                    try await expectAnswer(to: second, probe)
                    try await expectAnswer(to: first, probe)
                    try await RawConnection.open(port: shim.port) { third in
                        try await expectAnswer(to: third, probe)
                        #expect(await second.rest().isEmpty)
                        try await expectAnswer(to: first, probe)
                    }
                }
            }
            #expect(log.all == ["The door is crowded made_room=1"])
        }
    }

    @Test(arguments: ["", "GET /livez HT"])
    func `who has said nothing, or half a header, makes room as well`(sent: String) async throws {
        try await Shim.run(loops: Self.loop, configure: { $0.limits.connectionCount = 1 }) { shim async throws in
            try await RawConnection.open(port: shim.port) { silent in
                try await silent.send(sent)
                try await RawConnection.open(port: shim.port) { connection in
                    try await expectAnswer(to: connection, probe)
                    #expect(await silent.rest().isEmpty)
                }
            }
        }
    }

    @Test func `an address that has its share makes room by its own connections`() async throws {
        try await Shim.run(loops: Self.loop, configure: { $0.limits.connectionShare = 1 }) { shim async throws in
            try await RawConnection.open(port: shim.port) { first in
                try await expectAnswer(to: first, probe)
                try await RawConnection.open(port: shim.port) { second in
                    try await expectAnswer(to: second, probe)
                    #expect(await first.rest().isEmpty)
                }
            }
        }
    }

    @Test func `where nobody rests, probes are answered and everything else hears that there is no room`() async throws {
        let (blocked, log) = (Blocked(), CapturedLog())
        try await Shim.run(channel: blocked.channel, logger: log.logger, loops: Self.loop, configure: { $0.limits.connectionCount = 1 }) {
            shim async throws in
            let token = try await shim.token()
            let work = "GET /v1/samples HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await RawConnection.open(port: shim.port) { busy in
                try await busy.send(work)
                for await _ in blocked.started { break }
                try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(probe)
                    let answer = try await connection.answer()
                    #expect(answer.status == 200 && answer["Connection"] == "close")
                    #expect(await connection.rest().isEmpty)
                }
                for request in [work, "GET /docs HTTP/1.1\r\nHost: h\r\n\r\n", "POST /livez HTTP/1.1\r\nHost: h\r\n\r\n"] {
                    try await RawConnection.open(port: shim.port) { connection in
                        try await connection.send(request)
                        let answer = try await connection.answer()
                        #expect(answer.status == 503 && answer.code == "OVERLOADED" && answer["Retry-After"] == "1")
                        #expect(await connection.rest().isEmpty)
                    }
                }
                blocked.letGo.finish()
                #expect(try await busy.answer().status == 200)
                try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(work)
                    #expect(try await connection.answer().status == 200)
                }
            }
            #expect(log.all.first == "The door is crowded let_into_reserve=1")
        }
    }

    @Test func `in the reserve the oldest makes room, and where none can, the new one is closed`() async throws {
        let blocked = Blocked()
        let configure = { (configuration: inout RESTServerConfiguration) in
            configuration.limits.connectionCount = 1
            configuration.limits.reservedConnectionCount = 1
        }
        try await Shim.run(channel: blocked.channel, loops: Self.loop, configure: configure) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { busy in
                try await busy.send("GET /v1/samples HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
                for await _ in blocked.started { break }
                try await RawConnection.open(port: shim.port) { silent in
                    try await RawConnection.open(port: shim.port) { asking in
                        try await asking.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                        #expect(await silent.rest().isEmpty)
                        for await _ in blocked.started { break }
                        try await RawConnection.open(port: shim.port) { late in
                            #expect(await late.rest().isEmpty)
                        }
                        blocked.letGo.finish()
                        #expect(try await asking.answer().status == 503)
                    }
                }
            }
        }
    }

    @Test func `a stop ends the connections that rest and those in the reserve`() async throws {
        try await Shim.run(loops: Self.loop, configure: { $0.limits.connectionCount = 1 }) { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await expectAnswer(to: connection, probe)
                await shim.group.triggerGracefulShutdown()
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test(arguments: [
        (4096, 1024, 100_000, 4096, 1024), (4096, 1024, 4608, 4096, 1024), (4096, 1024, 4607, 4095, 1023), (4096, 1024, 1024, 512, 128),
        (4096, 4096, 1024, 512, 512), (4096, 1024, 256, 16, 4), (8, 2, 1024, 8, 2),
    ])
    func `no more connections are promised than the system has descriptors for`(
        count: Int, share: Int, descriptors: Int, possible: Int, possibleShare: Int
    ) {
        var limits = HTTPLimits()
        (limits.connectionCount, limits.connectionShare) = (count, share)
        let kept = limits.within(descriptorCount: descriptors)
        #expect(kept.connectionCount == possible && kept.connectionShare == possibleShare)
    }
}
