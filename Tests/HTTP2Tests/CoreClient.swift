import NIOCore
import NIOHPACK

@testable import HTTP2

/// A client that sends a core exactly the frames it is told, and reads what comes of them.
struct CoreClient {
    struct Frame: Equatable {
        var kind: UInt8
        var flags: UInt8 = 0
        var stream: UInt32 = 0
        var payload = ByteBuffer()
    }

    /// What the server makes of what it was sent.
    enum Outcome: Equatable {
        /// All is well.
        case fine
        case goAway(UInt32)
        case reset(UInt32)
    }

    static let preface = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    var core: HTTP2Core
    private var encoder = NIOHPACK.HPACKEncoder(allocator: ByteBufferAllocator())
    private var decoder = NIOHPACK.HPACKDecoder(allocator: ByteBufferAllocator())
    private var unread = ByteBuffer()
    private(set) var frames: [Frame] = []
    private(set) var streams: [UInt32: HTTP2Stream] = [:]
    private(set) var headers: [UInt32: ReceivedHeader] = [:]
    private(set) var bodies: [UInt32: String] = [:]
    private(set) var ended: [UInt32] = []
    private(set) var closed: [UInt32] = []
    private(set) var hasFailed = false
    /// Answers every request with no more than a header as soon as it has ended.
    var answersAtOnce = false
    var now = NIODeadline.uptimeNanoseconds(1)

    /// A connection over which nothing was said but what has to be.
    init(_ limits: HTTP2Limits = HTTP2Limits(), isGreeted: Bool = true) {
        core = HTTP2Core(limits)
        core.open()
        guard isGreeted else { return }
        send(Self.preface)
        send(4)
        read()
        frames = []
    }

    // MARK: Sending

    static func bytes(_ kind: UInt8, _ flags: UInt8 = 0, stream: UInt32 = 0, _ payload: ByteBuffer = ByteBuffer()) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeMultipleIntegers(UInt32(payload.readableBytes) << 8 | UInt32(kind), flags, stream)
        frame.writeImmutableBuffer(payload)
        return frame
    }

    mutating func send(_ kind: UInt8, _ flags: UInt8 = 0, stream: UInt32 = 0, _ payload: ByteBuffer = ByteBuffer()) {
        send(Self.bytes(kind, flags, stream: stream, payload))
    }

    mutating func send(_ kind: UInt8, _ payload: ByteBuffer) {
        send(kind, 0, stream: 0, payload)
    }

    mutating func send(_ kind: UInt8, _ flags: UInt8 = 0, stream: UInt32 = 0, number: UInt32) {
        send(kind, flags, stream: stream, ByteBuffer(integer: number))
    }

    mutating func send(_ bytes: ByteBuffer) {
        core.receive(bytes, at: now)
        handle()
    }

    static let request = [(":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "h")]

    mutating func block(_ fields: [(String, String)] = CoreClient.request) -> ByteBuffer {
        var block = ByteBuffer()
        do {
            try encoder.encode(headers: HPACKHeaders(fields), to: &block)
        } catch {
            return ByteBuffer()
        }
        return block
    }

    /// - Parameter isEnd: there is no body.
    mutating func request(_ stream: UInt32, _ fields: [(String, String)] = CoreClient.request, isEnd: Bool = true) {
        send(1, isEnd ? 5 : 4, stream: stream, block(fields))
    }

    // MARK: Answering

    /// The answer to a request: a header, a body, trailers.
    mutating func answer(_ stream: UInt32, _ body: String = "") {
        guard let stream = streams[stream] else { return }
        core.send(.fields([":status": "200"]), on: stream, isEnd: body.isEmpty)
        if !body.isEmpty {
            core.send(body.utf8.count, on: stream, isEnd: false, promise: nil) { $0.writeString(body) }
            core.send(.fields(["grpc-status": "0"]), on: stream, isEnd: true)
        }
        handle()
    }

    private mutating func handle() {
        repeat {
            while let event = core.nextEvent() {
                switch event {
                case .began(let stream, let header):
                    streams[stream.id] = stream
                    headers[stream.id] = header
                    core.takeOn(stream)
                    if stream.hasRequestEnded { end(stream) }
                case .body(let stream, let bytes, let isEnd):
                    bodies[stream.id, default: ""] += String(buffer: bytes)
                    if isEnd { end(stream) }
                case .trailers(let stream): end(stream)
                case .closed(let stream): closed.append(stream.id)
                case .failed: hasFailed = true
                }
            }
            core.goOn()
        } while core.canGoOn && core.output.byteCount < 64 << 10
    }

    private mutating func end(_ stream: HTTP2Stream) {
        ended.append(stream.id)
        if answersAtOnce { core.send(.fields([":status": "200"]), on: stream, isEnd: true) }
    }

    // MARK: Reading

    /// Reads what has been written since.
    mutating func read() {
        repeat {
            var bytes = core.output.take().bytes
            unread.writeBuffer(&bytes)
            handle()
        } while !core.output.isEmpty
        while let (head, flags, stream) = unread.peekMultipleIntegers(as: (UInt32, UInt8, UInt32).self),
            unread.readableBytes >= 9 + Int(head >> 8)
        {
            unread.moveReaderIndex(forwardBy: 9)
            let payload = unread.readSlice(length: Int(head >> 8)) ?? ByteBuffer()
            frames.append(Frame(kind: UInt8(truncatingIfNeeded: head), flags: flags, stream: stream, payload: payload))
        }
    }

    /// The frames of a kind that came since the beginning.
    mutating func frames(_ kind: UInt8) -> [Frame] {
        read()
        return frames.filter { $0.kind == kind }
    }

    mutating func outcome() -> Outcome {
        if let goAway = frames(7).first { return .goAway(goAway.payload.getInteger(at: 4 + goAway.payload.readerIndex) ?? 0) }
        if let reset = frames(3).first { return .reset(reset.payload.getInteger(at: reset.payload.readerIndex) ?? 0) }
        return .fine
    }

    mutating func fields(of frame: Frame) -> [String] {
        var payload = frame.payload
        return ((try? decoder.decodeHeaders(from: &payload)) ?? [:]).map { "\($0.name): \($0.value)" }
    }
}
