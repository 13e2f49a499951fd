import DequeModule
import NIOCore

/// The calls on a server's connection, without sockets, clocks and tasks: which begin, which are refused, how each ends,
/// once. Stands over a ``ConnectionCore``.
struct ServerCalls {
    enum Event {
        /// The handler is to be run; ``ServerCalls/finish(_:with:on:at:)`` takes what it returns.
        case begun(ServerStream)
        /// The call has ended before its handler, which is to be cancelled.
        case abandoned(ServerStream, StatusCode)
        /// A call was turned down before any of it was done.
        case refused(MethodDescriptor, StatusCode)
        /// The peer broke the protocol or was too slow: the connection ends.
        case failed(ConnectionFault)
    }

    private let table: ServiceTable
    private let rules: ServerCallRules
    private let load: ServerLoad
    /// Calls that didn't end at once, by stream id, until their handlers return.
    private var streams: [UInt32: ServerStream] = [:]
    private var deadlines = TimerHeap<ServerStream>()
    private var highestStreamID: UInt32 = 0
    private var events: Deque<Event> = []

    init(table: ServiceTable, rules: ServerCallRules, load: ServerLoad) {
        self.table = table
        self.rules = rules
        self.load = load
    }

    /// What is to be done next; nil when nothing is. `now` decides whether a call has come too late.
    mutating func nextEvent(on core: inout ConnectionCore, at now: NIODeadline) -> Event? {
        while true {
            if let event = events.popFirst() { return event }
            guard let frame = core.nextFrame(at: now) else { break }
            do {
                if let event = try receive(frame, on: &core, at: now) { return event }
            } catch {
                core.fail(error, at: now)
            }
        }
        guard let fault = core.takeFault() else { return nil }
        abandonAll(.cancelled)
        return .failed(fault)
    }

    // MARK: Beginning

    private mutating func receive(_ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline) throws(ConnectionFault) -> Event? {
        switch frame.header.type {
        case FrameType.request: try receiveRequest(frame, on: &core, at: now)
        case FrameType.cancel: cancel(frame.header.streamID)
        default: nil
        }
    }

    private mutating func receiveRequest(
        _ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline
    ) throws(ConnectionFault) -> Event? {
        let streamID = frame.header.streamID
        guard streamID % 2 == 1, streamID > highestStreamID else {
            throw ConnectionFault(.protocolError, "stream ids of calls are odd and rise")
        }
        highestStreamID = streamID
        if core.phase == .draining { return refuse(frame, .unavailable("the server is shutting down"), on: &core) }
        core.lastStreamID = streamID
        let bytes = frame.payload.readableBytes
        guard !frame.isSkipped, core.callsInFlight < core.limits.maximumCallsInFlight, load.enter(bytes: bytes) else {
            return refuse(frame, .overloaded("too much is in flight", retryAfter: rules.overloadPushback), on: &core)
        }
        let request: Request
        do {
            request = try Request(reading: frame)
        } catch {
            load.leave(bytes: bytes)
            throw error
        }
        return begin(request, frame, on: &core, at: now)
    }

    private mutating func begin(_ request: Request, _ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline) -> Event {
        let bytes = frame.payload.readableBytes
        let deadline = core.receivedAt + rules.timeout(of: request)
        guard let method = table.method(request.methodID) else {
            load.leave(bytes: bytes)
            return refuse(frame, .unimplemented("this method"), on: &core)
        }
        guard now < deadline else {
            load.leave(bytes: bytes)
            return refuse(frame, .deadlineExceeded, on: &core)
        }
        core.callBegan(at: now)
        return .begun(
            ServerStream(
                id: frame.header.streamID, method: method, startedAt: core.receivedAt, deadline: deadline, request: request,
                requestBytes: bytes))
    }

    /// Enters a call whose handler has not returned at once. Most have, and never come here.
    mutating func keep(_ stream: ServerStream) {
        guard !stream.hasReturned else { return }
        streams[stream.id] = stream
        stream.isKept = true
        if !stream.isAnswered { deadlines.set(stream, at: stream.deadline) }
    }

    private func refuse(_ frame: Frame, _ error: RPCError, on core: inout ConnectionCore) -> Event {
        let code = answer(frame.header.streamID, Response(outcome: .error(error), isNotProcessed: true), on: &core)
        return .refused(Request.methodID(reading: frame).flatMap(table.method)?.descriptor ?? .unknown, code)
    }

    // MARK: Ending

    /// The handler has returned. Answers how the call ended, unless it had ended before.
    mutating func finish(
        _ stream: ServerStream, with response: Response, on core: inout ConnectionCore, at now: NIODeadline
    ) -> StatusCode? {
        stream.hasReturned = true
        if stream.isKept { forget(stream) }
        load.leave(bytes: stream.requestBytes)
        core.callEnded(at: now)
        defer { closeIfDrained(&core, at: now) }
        guard !stream.isAnswered else { return nil }
        stream.isAnswered = true
        return answer(stream.id, response, on: &core)
    }

    private mutating func forget(_ stream: ServerStream) {
        streams[stream.id] = nil
        deadlines.remove(stream)
    }

    /// The caller has given up: nobody reads an answer.
    private mutating func cancel(_ streamID: UInt32) -> Event? {
        guard let stream = streams[streamID], !stream.isAnswered else { return nil }
        abandon(stream)
        return .abandoned(stream, .cancelled)
    }

    private mutating func abandon(_ stream: ServerStream) {
        stream.isAnswered = true
        deadlines.remove(stream)
    }

    private mutating func abandonAll(_ code: StatusCode) {
        for stream in streams.values where !stream.isAnswered {
            abandon(stream)
            events.append(.abandoned(stream, code))
        }
    }

    /// Answers with which status the call has ended, once the answer is cut to what the caller accepts.
    private func answer(_ streamID: UInt32, _ response: Response, on core: inout ConnectionCore) -> StatusCode {
        let response = response.fitting(core.peerLimits)
        core.write { response.write(to: &$0, streamID: streamID) }
        return response.code
    }

    // MARK: The connection's end

    /// Lets calls that have begun end within `grace`, and no more begin.
    mutating func drain(grace: Duration, on core: inout ConnectionCore, at now: NIODeadline) {
        core.drain(grace: grace, at: now)
        closeIfDrained(&core, at: now)
    }

    private func closeIfDrained(_ core: inout ConnectionCore, at now: NIODeadline) {
        if core.phase == .draining, core.callsInFlight == 0 { core.close(at: now) }
    }

    /// The connection is gone: nobody hears how its calls end.
    mutating func connectionLost() {
        abandonAll(.cancelled)
    }

    // MARK: Time

    /// When time must be told again by ``advance(to:on:)``, at the latest.
    var wakeUp: NIODeadline {
        deadlines.earliest ?? .distantFuture
    }

    /// Time has passed: deadlines, the connection's age and the end of its grace may have come.
    mutating func advance(to now: NIODeadline, on core: inout ConnectionCore) {
        while let stream = deadlines.popExpired(at: now) {
            end(stream, .deadlineExceeded, on: &core)
        }
        if core.advance(to: now) { drain(grace: rules.ageGrace, on: &core, at: now) }
        if core.phase == .draining, core.graceEnd <= now { endGrace(of: &core, at: now) }
    }

    /// What is still running is cancelled, and its callers are told.
    private mutating func endGrace(of core: inout ConnectionCore, at now: NIODeadline) {
        for stream in streams.values where !stream.isAnswered {
            end(stream, .unavailable("the server shut down"), on: &core)
        }
        core.close(at: now)
    }

    private mutating func end(_ stream: ServerStream, _ error: RPCError, on core: inout ConnectionCore) {
        abandon(stream)
        events.append(.abandoned(stream, answer(stream.id, Response(outcome: .error(error)), on: &core)))
    }
}

/// What a server grants its callers.
struct ServerCallRules {
    /// What a refused caller is asked to wait.
    var overloadPushback: Duration
    /// The longest that a call may take, whatever its caller grants.
    var maximumTimeout: TimeAmount
    /// How long calls may take on a connection that is drained for its age.
    var ageGrace: Duration

    /// Counted from the arrival of the call's bytes.
    func timeout(of request: Request) -> TimeAmount {
        guard request.timeoutMilliseconds > 0 else { return maximumTimeout }
        return min(.milliseconds(Int64(request.timeoutMilliseconds)), maximumTimeout)
    }
}
