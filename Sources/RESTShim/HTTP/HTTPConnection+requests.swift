import NIOCore
import NIOHTTP1
import RPC

/// From a request's header to its answer.
extension HTTPConnection {
    func receive(_ part: HTTPServerRequestPart) {
        switch (part, phase) {
        case (.head(let head), .waiting): begin(head)
        case (.body(let bytes), .receiving(let request)): receive(bytes, of: request)
        case (.end, .receiving(let request)): answer(request)
        case (_, .lingering): break
        default: refuse(.malformed("The request isn't HTTP/1.1."), head: nil)
        }
    }

    // MARK: The header

    private func begin(_ head: HTTPRequestHead) {
        headHasBegun = false
        guard core.connections.work(seat) else {
            context?.close(promise: nil)
            return
        }
        let head = RequestHead(head)
        if let refusal = limits.refusal(of: head.line, head.headers) { return refuse(refusal, head: head) }
        if seat.place == .reserve, !core.responder.isProbe(head.line) { return refuse(.crowded, head: head) }
        let request = IncomingRequest(head: head)
        if head.headers.announcesBody { return admit(request) }
        phase = .receiving(request)
        timer.set(in: limits.bodyTimeout)
    }

    /// Nobody sends a body, and none is waited for, before it is known that he may.
    private func admit(_ incoming: IncomingRequest) {
        guard let context else { return }
        phase = .admitting(incoming)
        timer.pause()
        let request = HTTPRequest(incoming.head, body: nil, on: resources)
        if let decision = core.responder.admitAtOnce(request) { return decide(decision) }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let responder = core.responder
        task = Task.immediate(executorPreference: executor) {
            let decision = await responder.admit(request)
            connection.value.decide(decision)
        }
    }

    private func decide(_ decision: HeadDecision) {
        guard context != nil, case .admitting(var request) = phase else { return }
        task = nil
        switch decision {
        case .refused(let response): endWith(response)
        case .admitted(let admitted):
            request.admitted = admitted
            phase = .receiving(request)
            guard body.announce(request.head.headers.announcedByteCount, core.bodies, for: seat.address) else {
                return refuseBody(of: request)
            }
            timer.set(in: limits.bodyTimeout)
            if request.waitsForContinue { sayContinue() }
            takeQueue()
        }
    }

    private func sayContinue() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    // MARK: The body

    private func receive(_ bytes: ByteBuffer, of request: IncomingRequest) {
        guard body.byteCount + bytes.readableBytes <= limits.bodyByteCount else {
            return refuse(.bodyTooLarge(limit: limits.bodyByteCount), head: request.head)
        }
        if !body.append(bytes, core.bodies, for: seat.address) { refuseBody(of: request) }
    }

    private func refuseBody(of request: IncomingRequest) {
        if let context { core.log.note(.bodyRefused, on: context.eventLoop) }
        refuse(.crowded, head: request.head)
    }

    // MARK: The answer

    private func answer(_ incoming: IncomingRequest) {
        guard let context else { return }
        let request = HTTPRequest(incoming.head, body: body.takeBytes(), on: resources)
        phase = .answering(incoming)
        watch.workBegins()
        hasRoom = core.room.enter { core.responder.priority(of: incoming.head.line) }
        guard hasRoom else {
            core.log.note(.shed, on: context.eventLoop)
            return finish(core.responder.refuse(.crowded, head: incoming.head, on: resources))
        }
        if isInputClosed { timer.set(in: limits.disconnectGrace) } else { timer.pause() }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let beginning = core.responder.begin(request, admitted: incoming.admitted) { connection.value.finish($0) }
        switch beginning {
        case .answered(let response): finish(response)
        case .passedOn(let call): if case .answering = phase { self.call = call }
        case .waits(let admitted): respond(to: request, admitted, connection)
        }
    }

    /// Answers in a task what can't be answered without one.
    private func respond(to request: HTTPRequest, _ admitted: AdmittedRequest?, _ connection: NIOLoopBound<HTTPConnection>) {
        let responder = core.responder
        task = Task.immediate(executorPreference: executor) {
            let response = await responder.respond(to: request, admitted: admitted)
            connection.value.finish(response)
        }
    }

    func leaveRoom() {
        if hasRoom { core.room.leave() }
        hasRoom = false
    }

    private func finish(_ response: HTTPResponse) {
        guard let context, case .answering(let request) = phase else { return }
        (task, call) = (nil, nil)
        body.giveBack(core.bodies, of: seat.address)
        leaveRoom()
        phase = .waiting
        let closes = !request.keepsAlive || !canGoOn
        write(response, closes: closes, announcesKeepAlive: request.head.line.version.minor == 0 && !closes)
        core.connections.rest(seat)
        if closes { return linger() }
        timer.set(in: context.channel.isWritable ? limits.idleTimeout : limits.writeTimeout)
        takeQueue()
    }
}
