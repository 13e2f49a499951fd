import NIOCore

/// The server's side of one connection: starts a handler for each REQUEST and sends its answer.
final class ServerConnection: FrameConnection {
    let core: ServerCore
    /// Calls that didn't end at once, by stream id.
    var streams: [UInt32: ServerStream] = [:]
    var runningHandlers = 0
    var highestStreamID: UInt32 = 0

    init(core: ServerCore, resources: LoopResources) {
        self.core = core
        super.init(
            resources: resources, limits: core.options.limits, rules: core.options.healthRules,
            contractFingerprint: core.options.contractFingerprint, logger: core.logger)
    }

    override var callsInFlight: Int { runningHandlers }
    override var lastStreamID: UInt32 { highestStreamID }

    override func receive(_ frame: Frame) throws(ConnectionFault) {
        switch frame.header.type {
        case FrameType.request: try receiveRequest(frame)
        case FrameType.cancel: cancel(frame.header.streamID)
        case FrameType.goAway: break
        default: throw ConnectionFault(.protocolError, "a frame of type \(frame.header.type) is out of place")
        }
    }

    override func lost() {
        for stream in streams.values { abandon(stream) }
    }

    override func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let request = event as? DrainRequest else { return context.fireUserInboundEventTriggered(event) }
        drain(grace: request.grace)
    }

    // MARK: Draining

    override func retire() {
        drain(grace: core.options.ageGrace)
    }

    /// Takes no more calls; lets those that have begun end within `grace`.
    private func drain(grace: Duration) {
        guard phase == .open else {
            if phase != .draining { close() }
            return
        }
        phase = .draining
        sendGoAway(.shutdown, "the connection is drained", grace: grace)
        resources.timers.set(ConnectionTimer { [weak self] in self?.graceEnded() }, at: .now() + grace.timeAmount)
        closeIfDrained()
    }

    func closeIfDrained() {
        if phase == .draining, runningHandlers == 0 { close() }
    }

    /// What is still running is cancelled, and its callers are told.
    private func graceEnded() {
        guard phase == .draining else { return }
        for stream in streams.values where !stream.isAnswered {
            write { Response(outcome: .error(.unavailable("the server shut down"))).write(to: &$0, streamID: stream.id) }
            abandon(stream)
        }
        close()
    }
}

/// Asks a connection to end gracefully.
struct DrainRequest: Sendable {
    let grace: Duration
}
