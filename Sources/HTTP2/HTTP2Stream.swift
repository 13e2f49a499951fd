public import NIOCore

/// One stream of a connection, as who answers it sees it. After its end everything sent is passed over.
public final class HTTP2Stream {
    public let id: UInt32
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
    /// Of the body, where its length was announced.
    var bytesDue: Int?
    var receiveWindow: ReceiveWindow
    var outgoing: OutgoingAnswer
    private var brokenPromises: [EventLoopPromise<Void>] = []

    init(_ id: UInt32, sendWindow: Int, receiveWindow: ReceiveWindow) {
        self.id = id
        self.receiveWindow = receiveWindow
        outgoing = OutgoingAnswer(window: sendWindow)
    }

    func open(on connection: HTTP2Connection) {
        self.connection = connection
    }

    /// Whether anybody hears what is sent.
    public var isOpen: Bool { connection != nil && !hasAnswerEnded }

    /// Sends a header: that of the answer, or the trailers at its end.
    public func send(_ fields: HeaderFields, isEnd: Bool) {
        send(.fields(fields), isEnd: isEnd)
    }

    /// The same for one that is the same for many answers.
    public func send(_ header: PreparedHeader, isEnd: Bool) {
        send(.prepared(header), isEnd: isEnd)
    }

    private func send(_ header: SentHeader, isEnd: Bool) {
        guard isOpen, let connection else { return }
        hasAnswered = true
        hasAnswerEnded = isEnd
        connection.core.send(header, on: self, isEnd: isEnd)
        connection.answerGoesOn(of: self)
    }

    /// Sends a piece of the answer.
    ///
    /// - Parameter promise: kept when it has left this process; broken where it never will.
    public func send(_ bytes: ByteBuffer, isEnd: Bool, promise: EventLoopPromise<Void>? = nil) {
        send(bytes.readableBytes, isEnd: isEnd, promise: promise) { $0.writeImmutableBuffer(bytes) }
    }

    /// Sends a piece of the answer that is written where it leaves from.
    ///
    /// - Parameter byteCount: exactly what `write` writes.
    public func send(_ byteCount: Int, isEnd: Bool, promise: EventLoopPromise<Void>? = nil, _ write: (inout ByteBuffer) -> Void) {
        guard isOpen, let connection else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        hasAnswerEnded = isEnd
        hold(byteCount)
        if let promise {
            // Whoever waits sends no more before it has left; others are done with it when the stream is.
            promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.hold(-byteCount) }
        }
        connection.core.send(byteCount, on: self, isEnd: isEnd, promise: promise, write)
        connection.answerGoesOn(of: self)
    }

    /// Ends the stream without an answer, or before its end.
    func reset(_ code: HTTP2ErrorCode) {
        guard let connection, connection.core.isOpen(self) else { return }
        connection.core.reset(id, code)
        connection.settleSoon()
    }

    /// Ends the stream before its answer is whole: nobody reads it in time.
    public func giveUp() {
        reset(.cancel)
    }

    /// ``HTTP2Exchange/timePassed()`` is told unless this is called again before.
    public func expire(in time: TimeAmount) {
        guard let connection, !hasAnswerEnded else { return }
        setDeadline(connection.now + time, connection)
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

    /// The piece will never leave. Whoever waits is told when the connection has done with what it is at.
    func breakPromise(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        brokenPromises.append(promise)
        connection?.settleSoon()
    }

    /// Nothing more of the answer leaves.
    func dropAnswer() {
        brokenPromises += outgoing.giveUp()
    }

    func close() {
        hold(-unreadByteCount)
        connection = nil
        let exchange = exchange.take()
        exchange?.closed()
        dropAnswer()
        let broken = brokenPromises
        brokenPromises = []
        for promise in broken { promise.fail(ChannelError.ioOnClosedChannel) }
    }

    private func hold(_ byteCount: Int) {
        guard let connection else { return }
        unreadByteCount += byteCount
        connection.unreadByteCount += byteCount
    }
}
