import Foundation
import NIOCore
import RPC
import Testing

@testable import GRPC

@Suite struct MessageTests {
    @Test func `messages are found wherever the bytes are cut`() throws {
        let messages = ["", "a", String(repeating: "b", count: 300)]
        var all = ByteBuffer()
        for message in messages { all.writeMessage(ByteBuffer(string: message)) }
        for size in 1...all.readableBytes {
            var (rest, found) = (all, [String]())
            var reader = MessageReader(limit: 300, isGzip: false)
            while rest.readableBytes > 0, let piece = rest.readSlice(length: min(size, rest.readableBytes)) {
                reader.append(piece)
                while let message = try reader.next() { found.append(String(buffer: message)) }
            }
            #expect(found == messages && reader.heldByteCount == 0)
        }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 1, 1], StatusCode.resourceExhausted), ([0, 255, 255, 255, 255], .resourceExhausted), ([1, 0, 0, 0, 1], .internal),
            ([2, 0, 0, 0, 1], .internal),
        ] as [([UInt8], StatusCode)])
    func `a message is refused by its first five bytes`(bytes: [UInt8], code: StatusCode) {
        var reader = MessageReader(limit: 256, isGzip: false)
        reader.append(ByteBuffer(bytes: bytes))
        #expect { try reader.next() } throws: { ($0 as? RPCError)?.code == code }
    }

    @Test func `a packed message is unpacked, up to the limit and not a byte further`() throws {
        for (count, limit) in [(1000, 1000), (1001, 1000), (10_000_000, 20_000)] {
            let packed = try Self.gzip(ByteBuffer(repeating: 65, count: count))
            var message = ByteBuffer()
            message.writeMultipleIntegers(UInt8(1), UInt32(packed.readableBytes))
            message.writeImmutableBuffer(packed)
            var reader = MessageReader(limit: limit, isGzip: true)
            reader.append(message)
            if count <= limit {
                #expect(try reader.next() == ByteBuffer(repeating: 65, count: count))
            } else {
                #expect { try reader.next() } throws: { ($0 as? RPCError)?.reason == "MESSAGE_TOO_LARGE" }
            }
        }
    }

    @Test func `what is no gzip is refused`() {
        var reader = MessageReader(limit: 100, isGzip: true)
        reader.append(ByteBuffer(bytes: [1, 0, 0, 0, 3, 1, 2, 3]))
        #expect { try reader.next() } throws: { ($0 as? RPCError)?.reason == "MALFORMED_MESSAGE" }
    }

    /// The system's own tool, so that the two ends of the coding aren't ours both.
    private static func gzip(_ bytes: ByteBuffer) throws -> ByteBuffer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-c"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let writing = Thread {
            try? input.fileHandleForWriting.write(contentsOf: Data(bytes.readableBytesView))
            try? input.fileHandleForWriting.close()
        }
        writing.start()
        let packed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return ByteBuffer(bytes: packed)
    }
}
