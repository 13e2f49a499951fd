import HTTP2
import NIOCore
import RPC

/// One call of gRPC, over one stream of HTTP/2: lets it in, cuts its messages, and says how it ended, once. What is called is the
/// subclasses' affair.
class GRPCExchange: HTTP2Exchange {
    let stream: HTTP2Stream
    let header: GRPCHeader
    let door: any GRPCDoor
    private var reader: MessageReader
    private var heldByteCount = 0
    /// Bytes of messages that are whole, and that nobody works on yet.
    private var waitingByteCount = 0
    /// Bytes of the request that is worked on; nil before it is taken on, and where it is over.
    private var workedByteCount: Int?
    private(set) var isWhole = false
    private(set) var admission: GRPCAdmission?
    private(set) var hasEnded = false
    /// What works on the call, where that takes a task.
    var task: Task<Void, Never>?

    init(_ header: GRPCHeader, on stream: HTTP2Stream, through door: any GRPCDoor, messageLimit: Int) {
        self.header = header
        self.stream = stream
        self.door = door
        reader = MessageReader(limit: messageLimit, isGzip: header.isGzip)
    }

    // MARK: What the calls differ in

    /// A message has come, from who may call.
    func received(message: ByteBuffer) {}
    /// No more come.
    func messagesEnded() {}
    /// Nobody waits for the answer any more.
    func cancelled() {}
    func connectionDrains() {}

    // MARK: Room

    /// A message waits until no more of the request comes.
    final func wait(with message: ByteBuffer) {
        waitingByteCount += message.readableBytes
    }

    /// Begins to work on the request, if there is room for it; fails the call where there is none.
    final func takeOn(_ request: ByteBuffer, of method: MethodDescriptor) -> Bool {
        waitingByteCount = 0
        if heldByteCount > 0 { _ = door.hold(-heldByteCount) }
        heldByteCount = 0
        guard door.takeOn(method, byteCount: request.readableBytes) else {
            fail(.overloaded("there is no room for this call now", retryAfter: .seconds(1)))
            return false
        }
        workedByteCount = request.readableBytes
        return true
    }

    /// The request is not held any more, although its answer goes on.
    final func letGo() {
        guard let byteCount = workedByteCount else { return }
        workedByteCount = nil
        door.letGo(byteCount: byteCount)
    }

    // MARK: Beginning

    func begin(asCallTo method: MethodDescriptor) {
        stream.expire(in: door.limits.requestTimeout)
        if let decision = door.admitAtOnce(header, to: method) { return decided(decision) }
        let exchange = NIOLoopBound(self, eventLoop: door.executor.eventLoop)
        let finding = door.admit(header, to: method) { exchange.value.decided($0) }
        if admission == nil, !hasEnded { task = finding }
    }

    private func decided(_ decision: Result<GRPCAdmission, RPCError>) {
        guard !hasEnded else {
            // Who gave up before he was let in has called nevertheless.
            if case .success(let admission) = decision { admission.ended(.cancelled) }
            return
        }
        task = nil
        switch decision {
        case .failure(let error): fail(error)
        case .success(let admission):
            self.admission = admission
            takeMessages()
        }
    }

    // MARK: The request

    final func received(_ bytes: ByteBuffer) {
        guard !hasEnded else { return }
        reader.append(bytes)
        takeMessages()
    }

    final func requestEnded() {
        isWhole = true
        takeMessages()
    }

    private func takeMessages() {
        guard !hasEnded else { return }
        do throws(RPCError) {
            while admission != nil, !hasEnded, let message = try reader.next() { received(message: message) }
            guard !hasEnded else { return }
            try keep()
            guard isWhole, admission != nil else { return }
            guard reader.heldByteCount == 0 else { throw RPCError(.internal, "MALFORMED_MESSAGE", "the request ends within a message") }
            messagesEnded()
        } catch {
            fail(error)
        }
    }

    /// Counts what nobody works on yet. Before the caller is let in that is a window of the stream at most.
    private func keep() throws(RPCError) {
        let held = reader.heldByteCount + waitingByteCount
        let more = held - heldByteCount
        guard more != 0 else { return }
        heldByteCount = held
        guard door.hold(more) else { throw .overloaded("too much is in flight", retryAfter: .milliseconds(200)) }
    }

    func timePassed() {
        if isWhole { stream.giveUp() } else { fail(.deadlineExceeded) }
    }

    // MARK: The answer

    final func sendHeader(_ metadata: Metadata = Metadata()) {
        guard !hasEnded, !stream.hasAnswered else { return }
        let ours = admission?.replyMetadata ?? Metadata()
        guard !metadata.isEmpty || !ours.isEmpty else { return stream.send(Self.header, isEnd: false) }
        var fields = Self.header.fields
        for (name, value) in ours { fields.add(name, value, isRepeated: false) }
        for (name, value) in metadata { fields.add(name, value, isRepeated: false) }
        stream.send(fields, isEnd: false)
    }

    private static let header = PreparedHeader([
        ":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity,gzip",
    ])

    final func send(_ message: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
        sendHeader()
        stream.send(message.messageByteCount, isEnd: false, promise: promise) { $0.writeMessage(message) }
    }

    /// Ends the call well.
    final func end() {
        guard !hasEnded else { return }
        sendHeader()
        noteEnd(nil)
        stream.send(StatusTrailers.ok, isEnd: true)
    }

    final func fail(_ error: RPCError) {
        guard !hasEnded else { return }
        noteEnd(error)
        stream.send(StatusTrailers.fields(error, isWholeAnswer: !stream.hasAnswered), isEnd: true)
    }

    final func closed() {
        guard !hasEnded else { return }
        noteEnd(.cancelled)
        let task = task.take()
        task?.cancel()
        cancelled()
    }

    private func noteEnd(_ error: RPCError?) {
        hasEnded = true
        if heldByteCount > 0 { _ = door.hold(-heldByteCount) }
        heldByteCount = 0
        letGo()
        admission?.ended(error)
    }
}
