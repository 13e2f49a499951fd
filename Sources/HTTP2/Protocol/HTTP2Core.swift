import NIOCore

/// The server's side of one connection of HTTP/2 (RFC 9113), without sockets, clocks and tasks: bytes, time and writability go in;
/// requests, their bodies and ends, and bytes to write come out. ``HTTP2Connection`` carries it.
///
/// What is wrong with a stream resets it. What is wrong with the connection, or is more than a client may do, says GOAWAY, and from then
/// on nothing is read.
struct HTTP2Core {
    enum Event {
        /// A request has begun; whether it has a body, the stream knows.
        case began(HTTP2Stream, ReceivedHeader)
        /// A piece of its body, perhaps an empty one at its end.
        case body(HTTP2Stream, ByteBuffer, isEnd: Bool)
        /// Trailers have ended it.
        case trailers(HTTP2Stream)
        /// It is over, and so is its answer. Told once for each that has begun.
        case closed(HTTP2Stream)
        /// The connection is broken. Why, the client was told.
        case failed
    }

    /// A header whose CONTINUATIONs are still to come.
    struct OpenBlock {
        let streamID: UInt32
        let isEnd: Bool
        /// What is wrong with the frame already; its fields are read nevertheless, as the table grows with them.
        let fault: HTTP2Fault?
        var bytes: ByteBuffer
        var continuationCount = 0
    }

    let limits: HTTP2Limits
    var reader = HTTP2FrameReader()
    var decoder: HPACKDecoder
    var streams = StreamTable()
    var endedStreams = EndedStreams()
    var closed = CircularBuffer<HTTP2Stream>(initialCapacity: 4)
    var openBlock: OpenBlock?
    /// The highest id that a request had, and the highest of those that were taken on.
    var highestStreamID: UInt32 = 0
    var lastStreamID: UInt32 = 0
    var hasSettings = false
    var hasAcknowledgement = false
    private(set) var hasFailed = false
    /// When the bytes came that are being read.
    private(set) var receivedAt = NIODeadline.uptimeNanoseconds(0)
    var emptyDataCount = 0
    var controlPace: Pace
    var resetPace: Pace
    var faultPace: Pace
    var receiveWindow: ReceiveWindow

    var output = HTTP2Output()

    init(_ limits: HTTP2Limits) {
        self.limits = limits
        decoder = HPACKDecoder(listByteCount: limits.headerListByteCount)
        controlPace = Pace(limits.controlFrameCount, in: limits.paceOfControlFrames)
        resetPace = Pace(limits.resetCount, in: limits.paceOfResets)
        faultPace = Pace(limits.resetCount, in: limits.paceOfResets)
        receiveWindow = ReceiveWindow(max(limits.connectionWindowByteCount, SendWindow.initial))
    }

    /// Says what the client may do. It comes before everything else.
    mutating func open() {
        output.writeSettings([
            (.maxConcurrentStreams, limits.streamCount), (.maxHeaderListSize, limits.headerListByteCount),
            (.initialWindowSize, limits.streamWindowByteCount),
        ])
        let granted = limits.connectionWindowByteCount - SendWindow.initial
        if granted > 0 { output.writeWindowUpdate(of: 0, by: granted) }
    }

    // MARK: Reading

    mutating func receive(_ bytes: ByteBuffer, at now: NIODeadline) {
        guard !hasFailed else { return }
        receivedAt = now
        reader.append(bytes)
    }

    /// What is to be done next; nil where nothing is.
    mutating func nextEvent() -> Event? {
        while true {
            if let stream = closed.popFirst() { return .closed(stream) }
            guard !hasFailed else { return nil }
            do throws(HTTP2Fault) {
                guard let frame = try reader.next() else { return nil }
                if let event = try receive(frame) { return event }
            } catch {
                if let event = answer(error) { return event }
            }
        }
    }

    /// A client who breaks one stream after another breaks the connection.
    private mutating func answer(_ fault: HTTP2Fault) -> Event? {
        switch fault {
        case .connection(let code): return fail(code)
        case .stream(let id, let code):
            guard faultPace.note(at: receivedAt) else { return fail(.enhanceYourCalm) }
            reset(id, code)
            return nil
        }
    }

    private mutating func fail(_ code: HTTP2ErrorCode) -> Event {
        hasFailed = true
        reader = HTTP2FrameReader()
        openBlock = nil
        output.writeGoAway(last: lastStreamID, code)
        return .failed
    }

    private mutating func receive(_ frame: HTTP2Frame) throws(HTTP2Fault) -> Event? {
        if !hasSettings, frame.kind != HTTP2Frame.Kind.settings || frame.has(HTTP2Frame.Flags.ack) { throw .connection(.protocolError) }
        if openBlock != nil, frame.kind != HTTP2Frame.Kind.continuation { throw .connection(.protocolError) }
        switch frame.kind {
        case HTTP2Frame.Kind.data: return try receiveData(frame)
        case HTTP2Frame.Kind.headers: return try receiveHeaders(frame)
        case HTTP2Frame.Kind.continuation: return try receiveContinuation(frame)
        case HTTP2Frame.Kind.windowUpdate: try receiveWindowUpdate(frame)
        case HTTP2Frame.Kind.reset: try receiveReset(frame)
        case HTTP2Frame.Kind.pushPromise: throw .connection(.protocolError)
        default: try receiveControl(frame)
        }
        return nil
    }

    // MARK: Streams

    /// Whether no frame has opened a stream yet.
    func isIdle(_ id: UInt32) -> Bool { id % 2 == 0 || id > highestStreamID }

    /// The connection takes a request on: GOAWAY will say so.
    mutating func takeOn(_ stream: HTTP2Stream) {
        lastStreamID = max(lastStreamID, stream.id)
    }

    /// Ends a stream without an answer, or before its end.
    mutating func reset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        output.writeReset(of: id, code)
        highestStreamID = max(highestStreamID, id)
        if let stream = streams[id] { remove(stream, .here) } else { endedStreams.add(id, .here) }
    }

    func isOpen(_ stream: HTTP2Stream) -> Bool { streams[stream.id] === stream }

    /// Ends a stream where both sides have said all.
    mutating func closeIfDone(_ stream: HTTP2Stream) {
        if stream.hasRequestEnded, stream.outgoing.hasLeft, isOpen(stream) { remove(stream, .byClient) }
    }

    mutating func remove(_ stream: HTTP2Stream, _ end: EndedStreams.End) {
        streams.remove(stream.id)
        endedStreams.add(stream.id, end)
        stream.dropAnswer()
        closed.append(stream)
    }

    /// Gives memory back while nothing is going on.
    mutating func release() {
        streams.release()
        output.release()
    }

    /// All are gone, and nobody asks how they ended.
    mutating func removeAll() -> [HTTP2Stream] {
        let all = streams.all + closed
        streams = StreamTable()
        closed.removeAll()
        return all
    }
}
