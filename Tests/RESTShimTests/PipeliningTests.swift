import Foundation
import NIOCore
import NIOPosix
import RPC
import Testing

@testable import RESTShim

#if os(Linux)
/// Alone, because it looks at the memory of the whole process.
@Suite(.timeLimit(.minutes(10)), .serialized) struct PipeliningTests {
    /// Decoded, each of these small requests takes twenty times its bytes.
    @Test func `requests that nobody has time for yet wait as the bytes that they are`() async throws {
        let channel = FakeChannel { _ in
            try await Task.sleep(for: .seconds(60))
            throw RPCError.cancelled
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            let first = ByteBuffer(string: "GET /v1/samples HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
            let rest = ByteBuffer(string: String(repeating: "GET / HTTP/1.1\r\nHost:h\r\n\r\n", count: 20_000))
            let before = try residentByteCount()
            let connections = try await open(48, to: shim.port)
            for connection in connections {
                connection.write(first, promise: nil)
                connection.writeAndFlush(rest, promise: nil)
            }
            // The shim reads all that it ever will while others are answered.
            for _ in 1...100 { #expect(try await shim.ask("GET", "/livez", role: nil).status == 200) }
            #expect(channel.calls.count == connections.count)
            #expect(try residentByteCount() - before < 100 << 20)
            for connection in connections { try await connection.close() }
        }
    }

    private func open(_ count: Int, to port: Int) async throws -> [any Channel] {
        var connections: [any Channel] = []
        for _ in 1...count {
            connections.append(
                try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port).get())
        }
        return connections
    }

    private func residentByteCount() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(fields[1])) * 4096
    }
}
#endif
