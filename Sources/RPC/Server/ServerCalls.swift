import DequeModule
import NIOCore

/// The calls on a server's connection, without sockets, clocks and tasks: which begin, which are refused, how each ends,
/// once. Stands over a ``ConnectionCore``.
struct ServerCalls {
    enum Event {
        /// The method is to be run; ``ServerCalls/finish(_:with:on:at:)`` takes what it returns.
        case begun(ServerCall, ServedMethod)
        /// The message that the call's stream was waiting with has gone.
        case wentOn(ServerCall)
        /// The call has ended before its handler, which is to be cancelled.
        case abandoned(ServerCall, StatusCode)
        /// A call was turned down before any of it was done.
        case refused(MethodDescriptor, StatusCode)
        /// The peer broke the protocol or was too slow: the connection ends.
        case failed(ConnectionFault)
    }

    /// Where the calls come from.
    var origin = CallOrigin()
    private let table: ServiceTable
    let rules: ServerCallRules
    let load: ServerLoad
    /// Calls that didn't return at once, until their handlers do.
    private(set) var calls = CallTable<ServerCall>()
    private var highestStreamID: UInt32 = 0
    var events: Deque<Event> = []
    var streams = StreamsInFlight()

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
        abandonAll()
        return .failed(fault)
    }

    // MARK: Beginning

    private mutating func receive(_ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline) throws(ConnectionFault) -> Event? {
        switch frame.header.type {
        case FrameType.request: try receiveRequest(frame, on: &core, at: now)
        case FrameType.cancel: cancel(frame.header.streamID)
        case FrameType.window: try receiveWindow(frame, on: &core, at: now)
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
        let bytes = frame.body.readableBytes
        guard !frame.isSkipped, core.callsInFlight < core.limits.maximumCallsInFlight, admit(frame) else {
            load.noteShed()
            return refuse(frame, .overloaded("too much is in flight", retryAfter: rules.overloadPushback), on: &core)
        }
        do {
            return begin(try Request(reading: frame), frame, on: &core, at: now)
        } catch {
            load.release(bytes: bytes)
            throw error
        }
    }

    /// Mostly there is room enough, whatever goes first.
    private func admit(_ frame: Frame) -> Bool {
        let bytes = frame.body.readableBytes
        if load.admit(bytes: bytes) { return true }
        let method = Request.methodID(reading: frame).flatMap(table.method)?.descriptor
        let priority = max(method?.priority ?? .ordinary, Request.priority(reading: frame))
        return priority > .ordinary && load.admit(bytes: bytes, priority)
    }

    private mutating func begin(_ request: Request, _ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline) -> Event {
        let bytes = frame.body.readableBytes
        let deadline = core.receivedAt + rules.timeout(of: request)
        guard let method = table.method(request.methodID) else {
            load.release(bytes: bytes)
            return refuse(frame, .unimplemented("this method"), on: &core)
        }
        guard now < deadline else {
            load.release(bytes: bytes)
            return refuse(frame, .deadlineExceeded, on: &core)
        }
        var stream: OutgoingStream?
        if request.creditKiB != nil || method.descriptor.isStreamed {
            do {
                stream = try beginStream(request, of: method.descriptor, on: core)
            } catch {
                load.release(bytes: bytes)
                return refuse(frame, error, on: &core)
            }
        }
        core.callBegan(at: now)
        let context = CallContext(
            method: method.descriptor, arrivedAt: core.receivedAt, deadline: Deadline(deadline), metadata: request.metadata,
            trace: request.trace, priority: request.priority, origin: origin)
        return .begun(
            ServerCall(
                context: context, payload: request.message.payload, streamID: frame.header.streamID, heldBytes: bytes, stream: stream),
            method)
    }

    /// Enters a call whose handler has not returned at once. Most have, and never come here.
    mutating func keep(_ call: ServerCall) {
        guard !call.hasReturned else { return }
        call.isKept = true
        calls.insert(call, call.streamID, due: call.hasEnded ? .distantFuture : call.context.deadline.instant)
    }

    private func refuse(_ frame: Frame, _ error: RPCError, on core: inout ConnectionCore) -> Event {
        let code = respond(to: frame.header.streamID, Response(outcome: .error(error), isNotProcessed: true), on: &core)
        return .refused(Request.methodID(reading: frame).flatMap(table.method)?.descriptor ?? .unknown, code)
    }

    // MARK: Answering at once

    /// Lets a call that is run here and now be answered where its response will leave from.
    func openFrame(of call: ServerCall, on core: inout ConnectionCore) {
        call.responseFrame = core.openResponse()
    }

    /// The call has to wait: other frames go first.
    func discardFrame(of call: ServerCall, on core: inout ConnectionCore) {
        guard var frame = call.responseFrame.take() else { return }
        frame.discard()
        core.takeBack(frame, isWhole: false)
    }

    // MARK: Ending

    /// The handler has returned. Answers how the call ended, unless it had ended before.
    mutating func finish(
        _ call: ServerCall, with response: Response, on core: inout ConnectionCore, at now: NIODeadline
    ) -> StatusCode? {
        let code = call.hasEnded ? nil : respond(to: call, response, on: &core)
        call.hasEnded = true
        returned(call, on: &core, at: now)
        return code
    }

    private mutating func returned(_ call: ServerCall, on core: inout ConnectionCore, at now: NIODeadline) {
        call.hasReturned = true
        if call.isKept { calls.remove(call.streamID) }
        load.release(bytes: call.heldBytes)
        if let stream = call.stream { endStream(stream) }
        core.callEnded(at: now)
        closeIfDrained(&core, at: now)
    }

    /// The caller has given up: nobody reads a response.
    private mutating func cancel(_ streamID: UInt32) -> Event? {
        guard let call = calls[streamID], !call.hasEnded else { return nil }
        abandon(call, .cancelled)
        return .abandoned(call, .cancelled)
    }

    private mutating func abandon(_ call: ServerCall, _ error: RPCError) {
        call.hasEnded = true
        if let stream = call.stream { end(stream, error) }
        calls.liftDeadline(of: call.streamID)
    }

    /// Nobody hears how they end.
    private mutating func abandonAll() {
        for call in calls.calls where !call.hasEnded {
            abandon(call, .cancelled)
            events.append(.abandoned(call, .cancelled))
        }
    }

    /// Sends the reply that stands in the call's frame, or else the response.
    private func respond(to call: ServerCall, _ response: Response, on core: inout ConnectionCore) -> StatusCode {
        guard call.responseFrame?.holdsReply == true, var frame = call.responseFrame.take() else {
            discardFrame(of: call, on: &core)
            return respond(to: call.streamID, response, on: &core)
        }
        guard response.metadata.byteCount <= Int(core.peerLimits.maximumMetadataBytes) else {
            frame.discard()
            core.takeBack(frame, isWhole: false)
            return respond(to: call.streamID, Response(outcome: .error(.internal)), on: &core)
        }
        frame.finish(call.streamID, metadata: response.metadata)
        core.takeBack(frame, isWhole: true)
        return .ok
    }

    /// Answers with which status the call has ended, once the response is cut to what the caller accepts.
    private func respond(to streamID: UInt32, _ response: Response, on core: inout ConnectionCore) -> StatusCode {
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
        abandonAll()
    }

    // MARK: Time

    /// When time must be told again by ``advance(to:on:)``, at the latest.
    var wakeUp: NIODeadline {
        calls.earliestDeadline
    }

    /// Time has passed: deadlines, the connection's age and the end of its grace may have come.
    mutating func advance(to now: NIODeadline, on core: inout ConnectionCore) {
        calls.release()
        for (_, call) in calls.due(at: now) { end(call, .deadlineExceeded, on: &core) }
        if core.advance(to: now) { drain(grace: rules.ageGrace, on: &core, at: now) }
        if core.phase == .draining, core.graceEnd <= now { endGrace(of: &core, at: now) }
    }

    /// What is still running is cancelled, and its callers are told.
    private mutating func endGrace(of core: inout ConnectionCore, at now: NIODeadline) {
        for call in calls.calls where !call.hasEnded {
            end(call, .unavailable("the server shut down"), on: &core)
        }
        core.close(at: now)
    }

    private mutating func end(_ call: ServerCall, _ error: RPCError, on core: inout ConnectionCore) {
        abandon(call, error)
        events.append(.abandoned(call, respond(to: call.streamID, Response(outcome: .error(error)), on: &core)))
    }
}
