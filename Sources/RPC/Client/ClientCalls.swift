import NIOCore

/// The calls on a client's connection, without sockets and clocks: whether there is room, which id each gets, and which
/// response is whose. Stands over a ``ConnectionCore``. `Call` is whatever stands for a waiting caller.
struct ClientCalls<Call> {
    enum Event {
        /// HELLO has come: calls can go.
        case opened
        /// A message of the call's stream.
        case received(Call, ByteBuffer)
        case ended(Call, Response)
        /// The server takes no more calls here, for the reason it says. Those it has not begun can be made elsewhere.
        case draining(String, turnedAway: [Call])
        /// The server broke the protocol or was too slow: the connection ends, and with it these calls.
        case failed(ConnectionFault, [Call])
    }

    /// Ids stay below this; then another connection takes over.
    static var highestStreamID: UInt32 { 0x7FFF_FFFF }

    private(set) var calls = CallTable<Call>()
    private(set) var nextStreamID: UInt32
    var streams = StreamsAwaited()

    init(firstStreamID: UInt32 = 1) {
        nextStreamID = firstStreamID
    }

    var count: Int { calls.count }

    // MARK: Sending

    /// Whether a call can go now: the server has a place for it, and what was written before doesn't pile up.
    func hasRoom(on core: borrowing ConnectionCore) -> Bool {
        core.phase == .open && core.mayWriteMore && calls.count < Int(core.peerLimits.maximumCallsInFlight)
            && nextStreamID < Self.highestStreamID
    }

    /// Why the server would not accept a request; nil where it would.
    func refusal(of request: Request, on core: borrowing ConnectionCore) -> RPCError? {
        if request.message.byteCount > Int(core.peerLimits.maximumMessageBytes) {
            return RPCError(.resourceExhausted, "MESSAGE_TOO_LARGE", "the request is larger than the server accepts")
        }
        if request.metadata.byteCount > Int(core.peerLimits.maximumMetadataBytes) {
            return RPCError(.resourceExhausted, "METADATA_TOO_LARGE", "the metadata is larger than the server accepts")
        }
        return nil
    }

    /// Sends a request for which there is room, and answers its stream id.
    mutating func send(
        _ request: Request, for call: Call, due deadline: NIODeadline, on core: inout ConnectionCore, at now: NIODeadline
    ) -> UInt32 {
        let streamID = nextStreamID
        nextStreamID += 2
        calls.insert(call, streamID, due: deadline)
        if let credit = request.creditKiB { streams.begin(streamID, StreamCredit(kibibytes: credit)) }
        core.callBegan(at: now)
        core.write { request.write(to: &$0, streamID: streamID) }
        return streamID
    }

    /// No id is left: another connection must take over.
    var isUsedUp: Bool { nextStreamID >= Self.highestStreamID }

    /// The caller waits no longer: the server may stop too.
    mutating func giveUp(_ streamID: UInt32, on core: inout ConnectionCore, at now: NIODeadline) {
        guard calls.remove(streamID) != nil else { return }
        streams.giveUp(streamID, maximumMessageBytes: core.limits.maximumMessageBytes)
        core.write { $0.writeCancel(streamID: streamID) }
        callEnded(on: &core, at: now)
    }

    /// When time must be told again by ``giveUpDue(on:at:)``, at the latest.
    var wakeUp: NIODeadline { calls.earliestDeadline }

    /// Gives up the calls whose deadlines have come, and answers them.
    mutating func giveUpDue(on core: inout ConnectionCore, at now: NIODeadline) -> [Call] {
        calls.release()
        let due = calls.due(at: now)
        for (streamID, _) in due { giveUp(streamID, on: &core, at: now) }
        return due.map(\.call)
    }

    // MARK: Receiving

    /// What is to be done next; nil when nothing is.
    mutating func nextEvent(on core: inout ConnectionCore, at now: NIODeadline) -> Event? {
        while let frame = core.nextFrame(at: now) {
            do {
                if let event = try receive(frame, on: &core, at: now) { return event }
            } catch {
                core.fail(error, at: now)
            }
        }
        guard let fault = core.takeFault() else { return nil }
        return .failed(fault, takeAll(on: &core, at: now))
    }

    private mutating func receive(_ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline) throws(ConnectionFault) -> Event? {
        switch frame.header.type {
        case FrameType.hello: .opened
        case FrameType.response: try receiveResponse(frame, on: &core, at: now)
        case FrameType.data: try receiveData(frame)
        case FrameType.goAway: receiveGoAway(try GoAway(reading: frame), on: &core, at: now)
        default: nil
        }
    }

    /// An answer to a call that was given up is passed over; one to a call that was never made is not.
    private mutating func receiveResponse(
        _ frame: Frame, on core: inout ConnectionCore, at now: NIODeadline
    ) throws(ConnectionFault) -> Event? {
        let streamID = frame.header.streamID
        guard streamID % 2 == 1, streamID < nextStreamID else {
            throw ConnectionFault(.protocolError, "a call was answered that was never made")
        }
        let response = try Response(reading: frame)
        guard let call = calls.remove(streamID) else { return nil }
        streams.end(streamID)
        callEnded(on: &core, at: now)
        return .ended(call, response)
    }

    private mutating func receiveGoAway(_ goAway: GoAway, on core: inout ConnectionCore, at now: NIODeadline) -> Event {
        let turnedAway = calls.removeAll(above: goAway.lastStreamID)
        streams.endAll(above: goAway.lastStreamID)
        for _ in turnedAway { core.callEnded(at: now) }
        drain(core: &core, at: now)
        return .draining(goAway.message, turnedAway: turnedAway)
    }

    // MARK: Ending

    /// Makes no new calls; closes once those under way have ended.
    mutating func drain(core: inout ConnectionCore, at now: NIODeadline) {
        core.beginDraining()
        closeIfDrained(&core, at: now)
    }

    private mutating func callEnded(on core: inout ConnectionCore, at now: NIODeadline) {
        core.callEnded(at: now)
        closeIfDrained(&core, at: now)
    }

    private func closeIfDrained(_ core: inout ConnectionCore, at now: NIODeadline) {
        if core.phase == .draining, calls.isEmpty { core.close(at: now) }
    }

    /// Takes out all calls under way: they will not be answered any more.
    mutating func takeAll(on core: inout ConnectionCore, at now: NIODeadline) -> [Call] {
        let orphans = calls.removeAll()
        for _ in orphans { core.callEnded(at: now) }
        return orphans
    }
}
