import NIOCore

/// What a connection has to write: frames, in their order, and the bodies that wait until the client takes them.
struct HTTP2Output {
    /// Bytes that are worth a write of their own while more is being worked on, so that the client has something to do.
    private static let worthWriting = 8 << 10
    /// Bodies wait while so much is unwritten.
    private static let full = 64 << 10
    /// More than this isn't kept for the next turn.
    private static let keptCapacity = 32 << 10

    var encoder = HPACKEncoder()
    var window = SendWindow(left: SendWindow.initial)
    /// What a stream's window begins with.
    var initialWindow = SendWindow.initial
    /// Whether what is written goes on to the client at once.
    var isWritable = true
    private var bytes = ByteBuffer()
    private var promises: [EventLoopPromise<Void>] = []
    /// The streams whose bodies may go on, in their turn.
    private var ready = CircularBuffer<HTTP2Stream>(initialCapacity: 4)

    var isEmpty: Bool { bytes.readableBytes == 0 && promises.isEmpty }
    var isWorthWriting: Bool { bytes.readableBytes >= Self.worthWriting }
    var byteCount: Int { bytes.readableBytes }

    /// Takes out what was gathered, and whom to tell when it has left.
    mutating func take() -> (bytes: ByteBuffer, promises: [EventLoopPromise<Void>]) {
        defer { (bytes, promises) = (ByteBuffer(), []) }
        return (bytes, promises)
    }

    /// Gets back what was taken once it is written: its memory serves again if nobody holds it any longer.
    mutating func reuse(_ written: consuming ByteBuffer) {
        guard bytes.capacity == 0, written.capacity <= Self.keptCapacity else { return }
        written.clear()
        bytes = written
    }

    /// Gives the memory back while nothing is going on.
    mutating func release() {
        if isEmpty { bytes = ByteBuffer() }
    }

    // MARK: Headers

    mutating func writeHeader(of id: UInt32, _ header: SentHeader, isEnd: Bool) {
        let start = bytes.writerIndex
        bytes.writeFrameHeader(HTTP2Frame.Kind.headers, stream: id, length: 0)
        switch header {
        case .fields(let fields): encoder.encode(fields, into: &bytes)
        case .prepared(let header): encoder.encode(header, into: &bytes)
        }
        let length = bytes.writerIndex - start - HTTP2Frame.headerByteCount
        let flags = isEnd ? HTTP2Frame.Flags.endStream : 0
        guard length > HTTP2Frame.lengthLimit else {
            return bytes.setFrameHeader(
                HTTP2Frame.Kind.headers, flags: flags | HTTP2Frame.Flags.endHeaders, stream: id, length: length, at: start)
        }
        split(id, from: start, flags: flags)
    }

    /// A block that is longer than a frame goes on in CONTINUATIONs.
    private mutating func split(_ id: UInt32, from start: Int, flags: UInt8) {
        let blockStart = start + HTTP2Frame.headerByteCount
        guard let written = bytes.getSlice(at: blockStart, length: bytes.writerIndex - blockStart) else { return }
        var block = written
        bytes.moveWriterIndex(to: start)
        var kind = HTTP2Frame.Kind.headers
        while let piece = block.readSlice(length: min(block.readableBytes, HTTP2Frame.lengthLimit)) {
            let isLast = block.readableBytes == 0
            let flags = (kind == HTTP2Frame.Kind.headers ? flags : 0) | (isLast ? HTTP2Frame.Flags.endHeaders : 0)
            bytes.writeFrameHeader(kind, flags: flags, stream: id, length: piece.readableBytes)
            bytes.writeImmutableBuffer(piece)
            kind = HTTP2Frame.Kind.continuation
            if isLast { return }
        }
    }

    // MARK: Bodies

    /// Whether so many bytes of a body may leave here and now.
    func takesAtOnce(_ byteCount: Int, of stream: HTTP2Stream) -> Bool {
        !stream.outgoing.isWaiting && byteCount <= min(HTTP2Frame.lengthLimit, stream.outgoing.window.left, window.left) && isWritable
            && bytes.readableBytes < Self.full
    }

    /// Writes a piece of a body that ``takesAtOnce(_:of:)``.
    mutating func writeData(of stream: HTTP2Stream, _ byteCount: Int, isEnd: Bool, _ write: (inout ByteBuffer) -> Void) {
        bytes.writeFrameHeader(
            HTTP2Frame.Kind.data, flags: isEnd ? HTTP2Frame.Flags.endStream : 0, stream: stream.id, length: byteCount)
        write(&bytes)
        stream.outgoing.window.spend(byteCount)
        window.spend(byteCount)
    }

    mutating func tellWhenWritten(_ promise: EventLoopPromise<Void>?) {
        if let promise { promises.append(promise) }
    }

    /// A stream whose body may go on has its turn behind those that wait for theirs.
    mutating func noteReady(_ stream: HTTP2Stream) {
        guard !stream.outgoing.isQueued, stream.outgoing.mayGoOn else { return }
        stream.outgoing.isQueued = true
        ready.append(stream)
    }

    /// Whether a body could go on now.
    var mayGoOn: Bool { !ready.isEmpty && isWritable && window.left > 0 }

    /// Writes one frame of the body whose turn it is. Answers whose it was; nil where none can go on.
    mutating func writeNext() -> HTTP2Stream? {
        guard mayGoOn, bytes.readableBytes < Self.full, let stream = ready.popFirst() else { return nil }
        stream.outgoing.isQueued = false
        let room = max(0, min(HTTP2Frame.lengthLimit, stream.outgoing.window.left, window.left))
        guard stream.outgoing.mayGoOn, let next = stream.outgoing.next(atMost: room) else { return stream }
        bytes.writeFrameHeader(
            HTTP2Frame.Kind.data, flags: next.isLast ? HTTP2Frame.Flags.endStream : 0, stream: stream.id, length: next.bytes.readableBytes)
        bytes.writeImmutableBuffer(next.bytes)
        window.spend(next.bytes.readableBytes)
        tellWhenWritten(next.promise)
        if next.isLast { stream.outgoing.noteEnd() }
        noteReady(stream)
        return stream
    }

    // MARK: What says something of the connection

    mutating func writeSettings(_ settings: [(setting: HTTP2Setting, value: Int)]) {
        bytes.writeFrameHeader(HTTP2Frame.Kind.settings, stream: 0, length: 6 * settings.count)
        for (setting, value) in settings { bytes.writeMultipleIntegers(setting.rawValue, UInt32(truncatingIfNeeded: value)) }
    }

    mutating func writeSettingsAnswer() {
        bytes.writeFrameHeader(HTTP2Frame.Kind.settings, flags: HTTP2Frame.Flags.ack, stream: 0, length: 0)
    }

    mutating func writePingAnswer(_ payload: ByteBuffer) {
        bytes.writeFrameHeader(HTTP2Frame.Kind.ping, flags: HTTP2Frame.Flags.ack, stream: 0, length: payload.readableBytes)
        bytes.writeImmutableBuffer(payload)
    }

    mutating func writeWindowUpdate(of id: UInt32, by byteCount: Int) {
        bytes.writeFrameHeader(HTTP2Frame.Kind.windowUpdate, stream: id, length: 4)
        bytes.writeInteger(UInt32(truncatingIfNeeded: byteCount))
    }

    mutating func writeReset(of id: UInt32, _ code: HTTP2ErrorCode) {
        bytes.writeFrameHeader(HTTP2Frame.Kind.reset, stream: id, length: 4)
        bytes.writeInteger(code.rawValue)
    }

    mutating func writeGoAway(last: UInt32, _ code: HTTP2ErrorCode) {
        bytes.writeFrameHeader(HTTP2Frame.Kind.goAway, stream: 0, length: 8)
        bytes.writeMultipleIntegers(last, code.rawValue)
    }
}
