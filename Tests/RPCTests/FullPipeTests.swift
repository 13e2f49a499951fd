import NIOCore
import Testing

@testable import RPC

/// Connections that carry as much as they can, and peers that read and write at their own pace.
@Suite(.timeLimit(.minutes(1))) struct FullPipeTests {
    @Test func `64 calls of 1 MiB each way at once are all answered`() async throws {
        let message = ByteBuffer(repeating: 9, count: 1024 * 1024)
        try await withServer(TestService.echo) { _, address in
            try await withClient(address) { client in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<64 {
                        group.addTask { try await client.call(.echo, message, CallOptions(retry: false)).payload.readableBytes }
                    }
                    for try await answered in group { #expect(answered == message.readableBytes) }
                }
            }
        }
    }

    @Test func `64 answers of 1 MiB that are ready at once are all read`() async throws {
        let gate = Gate()
        let service = TestService(
            (
                .echo,
                { call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
        let message = ByteBuffer(repeating: 9, count: 1024 * 1024)
        try await withServer(service) { _, address in
            try await withClient(address) { client in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<64 {
                        group.addTask { try await client.call(.echo, message, CallOptions(retry: false)).payload.readableBytes }
                    }
                    await gate.arrivals(64)
                    gate.open()
                    for try await answered in group { #expect(answered == message.readableBytes) }
                }
            }
        }
    }
}
