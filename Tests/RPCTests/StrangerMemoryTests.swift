import Foundation
import NIOCore
import Synchronization
import Testing

@testable import RPC

/// What those may make a server hold who have shown no token.
@Suite(.timeLimit(.minutes(10)), .serialized) struct StrangerMemoryTests {
    /// Tests beside this one take memory too, but not half of what is sent.
    @Test func `requests of which no write ends a frame cost no more than the one that is incomplete`() async throws {
        try await withServer(TestService.echo) { server, address in
            let stranger = try await RawConnection.greeted(address)
            _ = await stranger.frames(1)
            let before = residentBytes()
            try await sendRequests(800, of: 1024 * 1024, to: stranger)
            #expect(residentBytes() < before + 400_000_000)
            #expect(server.heldBytes <= 1024 * 1024 + 100)
            #expect(server.callsInFlight == 0)
            stranger.close()
        }
    }

    @Test func `a small request doesn't keep the large read that it came with`() async throws {
        let largest = Peak()
        let service = TestService(
            (
                .echo,
                { call in
                    if call.payload.readableBytes < 100 { largest.note(call.payload.storageCapacity) }
                    return ServerReply(payload: ByteBuffer())
                }
            ))
        try await withServer(service) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                for call in 0..<64 {
                    let message = ByteBuffer(repeating: 1, count: call % 2 == 0 ? 60_000 : 50)
                    let request = Request(
                        methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: message)
                    request.write(to: &bytes, streamID: UInt32(2 * call + 1))
                }
            }
            #expect(await connection.frames(65).count == 65)
            #expect((1...4096).contains(largest.value))
        }
    }

    /// Each write holds the end of one frame and the beginning of the next, and waits until the socket has taken it.
    private func sendRequests(_ count: Int, of size: Int, to connection: RawConnection) async throws {
        let message = ByteBuffer(repeating: 7, count: size)
        var pending = ByteBuffer()
        for call in 0..<count {
            let request = Request(methodID: 4711, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: message)
            request.write(to: &pending, streamID: UInt32(2 * call + 1))
            guard let most = pending.readSlice(length: pending.readableBytes - 100) else { return }
            try await connection.sendAndWait(most)
            pending.discardReadBytes()
        }
    }
}

/// The largest number that was seen.
private final class Peak: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock(\.self) }

    func note(_ seen: Int) {
        number.withLock { $0 = max($0, seen) }
    }
}

/// What the process holds in memory.
func residentBytes() -> Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * 4096
}
