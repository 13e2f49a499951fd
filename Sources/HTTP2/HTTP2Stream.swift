public import NIOCore
public import NIOHPACK
public import NIOHTTP2

/// One stream of a connection, as who answers it sees it. After its end everything sent is passed over.
public final class HTTP2Stream {
    public let id: HTTP2StreamID
    var exchange: (any HTTP2Exchange)?
    private(set) var connection: HTTP2Connection?
    /// Nothing more of the request comes.
    public internal(set) var hasRequestEnded = false
    /// The answer is written to its end.
    public private(set) var hasAnswerEnded = false
    /// Something of the answer is written.
    public private(set) var hasAnswered = false
    private(set) var deadline = NIODeadline.distantFuture
    /// Bytes of the answer, until the stream is closed or they are known to have left.
    private(set) var unreadByteCount = 0

    init(_ id: HTTP2StreamID, of connection: HTTP2Connection) {
        self.id = id
        self.connection = connection
    }

    /// Whether anybody hears what is sent.
    public var isOpen: Bool { connection != nil && !hasAnswerEnded }

    /// Sends a header: that of the answer, or the trailers at its end.
    public func send(_ headers: HPACKHeaders, isEnd: Bool) {
        guard isOpen, let connection else { return }
        hasAnswered = true
        noteEnd(isEnd)
        connection.write(HTTP2Frame(streamID: id, payload: .headers(.init(headers: headers, endStream: isEnd))), nil)
        connection.answerGoesOn(of: self)
    }

    /// Sends a piece of the answer.
    ///
    /// - Parameter promise: kept when it has left this process; broken where it never will.
    public func send(_ bytes: ByteBuffer, isEnd: Bool, promise: EventLoopPromise<Void>? = nil) {
        guard isOpen, let connection else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        noteEnd(isEnd)
        hold(bytes.readableBytes)
        if let promise {
            // Whoever waits sends no more before it has left; others are done with it when the stream is.
            let count = bytes.readableBytes
            promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.hold(-count) }
        }
        connection.write(HTTP2Frame(streamID: id, payload: .data(.init(data: .byteBuffer(bytes), endStream: isEnd))), promise)
        connection.answerGoesOn(of: self)
    }

    /// Ends the stream without an answer, or before its end.
    func reset(_ code: HTTP2ErrorCode) {
        guard let connection else { return }
        connection.write(HTTP2Frame(streamID: id, payload: .rstStream(code)), nil)
        connection.flushSoon()
    }

    /// Ends the stream before its answer is whole: nobody reads it in time.
    public func giveUp() {
        reset(.cancel)
    }

    /// ``HTTP2Exchange/timePassed()`` is told unless this is called again before.
    public func expire(in time: TimeAmount) {
        guard let connection, !hasAnswerEnded else { return }
        setDeadline(.now() + time, connection)
    }

    /// Nothing expires until ``expire(in:)``.
    public func pauseTime() {
        if !hasAnswerEnded { deadline = .distantFuture }
    }

    func setDeadline(_ deadline: NIODeadline, _ connection: HTTP2Connection) {
        self.deadline = deadline
        connection.wake(by: deadline)
    }

    func forgetDeadline() {
        deadline = .distantFuture
    }

    func close() {
        hold(-unreadByteCount)
        connection = nil
        let exchange = exchange.take()
        exchange?.closed()
    }

    private func noteEnd(_ isEnd: Bool) {
        hasAnswerEnded = isEnd
    }

    private func hold(_ byteCount: Int) {
        guard let connection else { return }
        unreadByteCount += byteCount
        connection.unreadByteCount += byteCount
    }
}
