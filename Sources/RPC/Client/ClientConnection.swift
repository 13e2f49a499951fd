import NIOCore

/// The client's side of one connection: sends REQUESTs, and hands each answer to the call that waits for it.
final class ClientConnection: FrameConnection {
    /// Ids stay below this; then another connection takes over.
    static let highestStreamID: UInt32 = 0x7FFF_FFFF

    private let slot: ConnectionSlot
    private var streams: [UInt32: ClientStream] = [:]
    private var nextStreamID: UInt32
    private var wasOpened = false
    private var refusal = "the connection was closed"

    init(slot: ConnectionSlot, firstStreamID: UInt32 = 1) {
        self.slot = slot
        nextStreamID = firstStreamID
        let options = slot.core.options
        super.init(
            resources: slot.resources, limits: options.limits, rules: options.healthRules,
            contractFingerprint: options.contractFingerprint, logger: slot.core.logger)
    }

    override var speaksFirst: Bool { true }
    override var callsInFlight: Int { streams.count }

    var hasRoom: Bool {
        streams.count < Int(peerLimits.maximumCallsInFlight)
    }

    // MARK: Sending

    func send(_ stream: ClientStream) {
        if let error = refusal(of: stream.call) { return stream.fail(error, isNotProcessed: true) }
        stream.id = nextStreamID
        stream.connection = self
        nextStreamID += 2
        streams[stream.id] = stream
        let request = Request(
            methodID: stream.call.method.id, timeoutMilliseconds: stream.deadline.wireTimeout, trace: stream.call.options.trace,
            metadata: stream.call.options.metadata, message: stream.call.payload)
        write { request.write(to: &$0, streamID: stream.id) }
        if nextStreamID >= ClientConnection.highestStreamID { leave() }
    }

    private func refusal(of call: ClientCall) -> RPCError? {
        if call.payload.readableBytes > Int(peerLimits.maximumMessageBytes) {
            return RPCError(.resourceExhausted, "MESSAGE_TOO_LARGE", "the request is larger than the server accepts")
        }
        if call.options.metadata.byteCount > Int(peerLimits.maximumMetadataBytes) {
            return RPCError(.resourceExhausted, "METADATA_TOO_LARGE", "the metadata is larger than the server accepts")
        }
        return nil
    }

    /// The caller waits no longer: the server may stop too.
    func giveUp(_ stream: ClientStream, with error: RPCError) {
        streams[stream.id] = nil
        write { $0.writeCancel(streamID: stream.id) }
        stream.fail(error, isNotProcessed: false)
        callEnded()
    }

    // MARK: Receiving

    override func opened() {
        wasOpened = true
        slot.opened(self)
    }

    override func receive(_ frame: Frame) throws(ConnectionFault) {
        switch frame.header.type {
        case FrameType.response: try receiveResponse(frame)
        case FrameType.goAway: receiveGoAway(try GoAway(reading: frame))
        default: throw ConnectionFault(.protocolError, "a frame of type \(frame.header.type) is out of place")
        }
    }

    /// An answer to a call that was given up is passed over; one to a call that was never made is not.
    private func receiveResponse(_ frame: Frame) throws(ConnectionFault) {
        let streamID = frame.header.streamID
        guard streamID % 2 == 1, streamID < nextStreamID else {
            throw ConnectionFault(.protocolError, "a call was answered that was never made")
        }
        guard let stream = streams.removeValue(forKey: streamID) else { return }
        let response: Response
        do {
            response = try Response(reading: frame)
        } catch {
            stream.fail(.unavailable(error.message), isNotProcessed: false)
            throw error
        }
        switch response.outcome {
        case .message(let payload): stream.finish(.success(ClientReply(payload: payload, metadata: response.metadata)))
        case .error(let error): stream.fail(error, isNotProcessed: response.isNotProcessed)
        }
        callEnded()
    }

    private func receiveGoAway(_ goAway: GoAway) {
        refusal = goAway.message
        let untouched = streams.values.filter { $0.id > goAway.lastStreamID }
        for stream in untouched { streams[stream.id] = nil }
        leave()
        for stream in untouched { slot.turnedAway(stream) }
    }

    // MARK: Ending

    /// Takes no new calls; closes once those under way have ended.
    func leave() {
        guard phase == .open else { return }
        phase = .draining
        slot.lost(self)
        if streams.isEmpty { close() }
    }

    private func callEnded() {
        if phase == .draining, streams.isEmpty { return close() }
        slot.placeFreed(on: self)
    }

    override func lost() {
        if wasOpened { slot.lost(self) } else { slot.attemptFailed(refusal) }
        let orphans = streams.values
        streams = [:]
        for stream in orphans { stream.fail(.unavailable(refusal), isNotProcessed: false) }
    }
}

extension Deadline {
    /// What is left, as REQUEST carries it: at least a millisecond, or zero for "no deadline".
    var wireTimeout: UInt32 {
        self == .never ? 0 : max(1, remaining.wireMilliseconds)
    }
}
