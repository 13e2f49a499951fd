import NIOCore
import NIOHPACK

/// A client of HTTP/2 that sends exactly the frames it is told, for what no HTTP client would send.
final class FrameConnection {
    struct Frame {
        var type: UInt8
        var flags: UInt8
        var stream: Int
        var payload: ByteBuffer

        var isEnd: Bool { (type == FrameConnection.data || type == FrameConnection.headers) && flags & 1 != 0 }
    }

    struct StreamAnswer {
        var fields: [(name: String, value: String)] = []
        var body = ""
        var hasEnded = false
        /// The code of the RST_STREAM that ended it.
        var reset: UInt32?

        var status: Int? { self[":status"].flatMap { Int($0) } }

        subscript(name: String) -> String? { fields.last { $0.name == name }?.value }
    }

    static let (data, headers, priority, reset, settings): (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 1, 2, 3, 4)
    static let (ping, goAway, windowUpdate, continuation): (UInt8, UInt8, UInt8, UInt8) = (6, 7, 8, 9)
    static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    let connection: RawConnection
    private var encoder = HPACKEncoder(allocator: ByteBufferAllocator())
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private(set) var answers: [Int: StreamAnswer] = [:]
    /// The code and the last stream of the server's GOAWAY.
    private(set) var farewell: (code: UInt32, last: Int)?

    private init(_ connection: RawConnection) {
        self.connection = connection
    }

    /// - Parameter initialWindow: bytes of an answer that the server may send before it is granted more.
    static func open<Result>(port: Int, initialWindow: UInt32? = nil, _ body: (FrameConnection) async throws -> Result) async throws
        -> Result
    {
        try await RawConnection.open(port: port) { raw in
            let client = FrameConnection(raw)
            try await raw.send(preface)
            var payload = ByteBuffer()
            if let initialWindow { payload.writeMultipleIntegers(UInt16(4), initialWindow) }
            try await client.send(settings, payload: payload)
            return try await body(client)
        }
    }

    // MARK: Sending

    static func bytes(_ type: UInt8, _ flags: UInt8 = 0, stream: Int = 0, _ payload: ByteBuffer = ByteBuffer()) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeMultipleIntegers(UInt8(payload.readableBytes >> 16), UInt16(truncatingIfNeeded: payload.readableBytes), type, flags)
        frame.writeInteger(UInt32(stream))
        frame.writeImmutableBuffer(payload)
        return frame
    }

    func send(_ type: UInt8, flags: UInt8 = 0, stream: Int = 0, payload: ByteBuffer = ByteBuffer()) async throws {
        try await send(Self.bytes(type, flags, stream: stream, payload))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await connection.channel.writeAndFlush(bytes)
    }

    /// The block of a request's header, in the connection's compression.
    func block(_ method: String, _ path: String, _ fields: [(String, String)] = []) throws -> ByteBuffer {
        let all = [(":method", method), (":scheme", "http"), (":authority", "hospital"), (":path", path)] + fields
        var block = ByteBuffer()
        try encoder.encode(headers: HPACKHeaders(all), to: &block)
        return block
    }

    /// Sends a request's header. - Parameter isWhole: there is no body.
    func request(
        _ stream: Int, _ path: String, _ fields: [(String, String)] = [], method: String = "GET", isWhole: Bool = true
    ) async throws {
        try await send(Self.headers, flags: isWhole ? 5 : 4, stream: stream, payload: try block(method, path, fields))
    }

    // MARK: Reading

    func frame() async throws -> Frame {
        try await connection.next { bytes in
            guard let (high, low, type, flags, stream) = bytes.peekMultipleIntegers(as: (UInt8, UInt16, UInt8, UInt8, UInt32).self)
            else { return nil }
            let length = Int(high) << 16 | Int(low)
            guard bytes.readableBytes >= 9 + length else { return nil }
            bytes.moveReaderIndex(forwardBy: 9)
            return Frame(type: type, flags: flags, stream: Int(stream), payload: bytes.readSlice(length: length) ?? ByteBuffer())
        }
    }

    /// Reads until a stream has ended.
    func answer(on stream: Int) async throws -> StreamAnswer {
        while true {
            if let answer = answers[stream], answer.hasEnded || answer.reset != nil { return answer }
            take(try await frame())
        }
    }

    /// Reads until the server says GOAWAY; answers why.
    func goAway() async throws -> UInt32 {
        while true {
            if let farewell { return farewell.code }
            take(try await frame())
        }
    }

    /// Reads until a frame of that type comes, and answers it.
    func next(_ type: UInt8) async throws -> Frame {
        while true {
            let frame = try await frame()
            take(frame)
            if frame.type == type { return frame }
        }
    }

    private func take(_ frame: Frame) {
        var payload = frame.payload
        switch frame.type {
        case Self.headers:
            let fields = (try? decoder.decodeHeaders(from: &payload)) ?? [:]
            answers[frame.stream, default: StreamAnswer()].fields += fields.map { ($0.name, $0.value) }
        case Self.data: answers[frame.stream, default: StreamAnswer()].body += String(buffer: payload)
        case Self.reset: answers[frame.stream, default: StreamAnswer()].reset = payload.readInteger()
        case Self.goAway:
            let last: UInt32 = payload.readInteger() ?? 0
            farewell = (payload.readInteger() ?? 0, Int(last))
        default: break
        }
        if frame.isEnd { answers[frame.stream]?.hasEnded = true }
    }
}
