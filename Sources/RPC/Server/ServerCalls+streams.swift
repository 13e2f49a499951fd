import DequeModule
import NIOCore

/// What calls that are answered by a stream need beside: credit, the one message that waits for it, and its turn.
extension ServerCalls {
    // MARK: Beginning and ending

    /// A stream for a call; refuses the call where one side wants a stream and the other doesn't, or where there are too many.
    mutating func beginStream(
        _ request: Request, of method: MethodDescriptor, on core: borrowing ConnectionCore
    ) throws(RPCError) -> OutgoingStream {
        guard method.isStreamed else { throw .unimplemented("\(method.name) as a stream") }
        guard let credit = request.creditKiB else { throw .unimplemented("\(method.name) as a single answer") }
        guard streams.count < core.limits.maximumStreamsInFlight, load.admitStream() else {
            throw .overloaded("too many streams are in flight", retryAfter: rules.overloadPushback)
        }
        streams.count += 1
        return OutgoingStream(credit: StreamCredit(kibibytes: credit))
    }

    /// The handler has returned: what it may have left unsent goes nowhere.
    mutating func endStream(_ stream: OutgoingStream) {
        dropWaiting(of: stream)
        streams.count -= 1
        streams.lateWindows += OutgoingStream.windowsInAdvance
        load.releaseStream()
    }

    /// The call has ended before its handler, who learns of it when he writes.
    func end(_ stream: OutgoingStream, _ error: RPCError) {
        stream.end = error
        dropWaiting(of: stream)
    }

    func dropWaiting(of stream: OutgoingStream) {
        guard let payload = stream.waiting.take() else { return }
        load.hold(-payload.readableBytes, of: 0)
    }

    // MARK: Sending

    /// Sends a message of a call's stream. False, with nothing done, where it has to wait.
    mutating func send(_ message: FrameMessage, of call: ServerCall, on core: inout ConnectionCore) throws -> Bool {
        let stream = try writable(call)
        guard message.byteCount <= Int(core.peerLimits.maximumMessageBytes) else { throw MessageTooLarge() }
        guard stream.credit.permitsMessage, core.mayWriteMore, streams.waitingForRoom.isEmpty else { return false }
        write(message, of: call, stream, on: &core)
        return true
    }

    /// Keeps a message until there is credit for it and room.
    mutating func wait(with payload: ByteBuffer, of call: ServerCall) throws {
        let stream = try writable(call)
        guard load.hold(payload.readableBytes, of: payload.readableBytes) else {
            load.hold(-payload.readableBytes, of: 0)
            throw RPCError.overloaded("too much waits to be read", retryAfter: rules.overloadPushback)
        }
        stream.waiting = payload
        queue(call, stream)
    }

    /// Whether a stream waits for room, and there is some.
    func canSendWaiting(on core: borrowing ConnectionCore) -> Bool {
        !streams.waitingForRoom.isEmpty && core.mayWriteMore
    }

    /// Sends what has waited for room, in the order in which it came.
    mutating func sendWaiting(on core: inout ConnectionCore) {
        while core.mayWriteMore, let call = streams.waitingForRoom.popFirst() {
            guard let stream = call.stream else { continue }
            stream.isQueued = false
            guard !call.hasEnded, let payload = stream.waiting else { continue }
            dropWaiting(of: stream)
            write(.payload(payload), of: call, stream, on: &core)
            events.append(.wentOn(call))
        }
    }

    private func writable(_ call: ServerCall) throws -> OutgoingStream {
        guard let stream = call.stream, !call.hasEnded, stream.end == nil else { throw call.stream?.end ?? .cancelled }
        guard stream.waiting == nil else { throw WriteUnderWay() }
        return stream
    }

    private func write(_ message: FrameMessage, of call: ServerCall, _ stream: OutgoingStream, on core: inout ConnectionCore) {
        stream.spend(message.byteCount)
        core.write { $0.writeData(message, streamID: call.streamID) }
    }

    private mutating func queue(_ call: ServerCall, _ stream: OutgoingStream) {
        guard stream.waiting != nil, stream.credit.permitsMessage, !stream.isQueued else { return }
        stream.isQueued = true
        streams.waitingForRoom.append(call)
    }

    // MARK: Credit

    /// A grant for a stream that is unknown or has ended is passed over: it may have crossed the end.
    mutating func receiveWindow(
        _ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline
    ) throws(ConnectionFault) -> Event? {
        let granted = try frame.grantedByteCount()
        guard let call = calls[frame.header.streamID], !call.hasEnded, let stream = call.stream else {
            try Self.payForWindow(from: &streams.lateWindows, on: &core, at: now)
            return nil
        }
        try Self.payForWindow(from: &stream.windowsEarned, on: &core, at: now)
        guard stream.credit.grant(granted) else { throw ConnectionFault(.protocolError, "a stream was granted too much") }
        queue(call, stream)
        return nil
    }

    /// What was earned goes first.
    private static func payForWindow(
        from earned: inout Int, on core: inout ConnectionCore, at now: NIODeadline
    ) throws(ConnectionFault) {
        guard earned <= 0 else {
            earned -= 1
            return
        }
        try core.spendControlBudget(at: now)
    }
}

/// A message of a stream is larger than its caller accepts.
struct MessageTooLarge: Error {}
