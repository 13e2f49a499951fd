import HTTP2
import NIOCore
import RPC

/// One request over HTTP/2, from its header to its answer: the same steps, limits and refusals as ``HTTPConnection`` has for a
/// request of HTTP/1.1. What breaks a limit ends its stream, and not the connection.
final class HTTP2Request: HTTP2Exchange {
    private enum Phase {
        /// The header announces a body; whether the caller may send it is being found out.
        case admitting
        case receiving(AdmittedRequest?)
        case answering
        case answered
    }

    private let requests: HTTP2Requests
    private let stream: HTTP2Stream
    private let head: RequestHead
    private var phase = Phase.admitting
    private var body = CollectedBody()
    private var isWhole = false
    /// Whether it has a place of the ``RequestRoom``.
    private var hasRoom = false
    private var task: Task<Void, Never>?
    private var call: BegunCall?

    private var core: HTTPServerCore { requests.core }
    private var limits: HTTPLimits { requests.core.limits }

    init(_ head: RequestHead, fieldCount: Int, on stream: HTTP2Stream, of requests: HTTP2Requests) {
        self.head = head
        self.stream = stream
        self.requests = requests
        begin(fieldCount: fieldCount)
    }

    // MARK: The header

    private func begin(fieldCount: Int) {
        if fieldCount > limits.headerFieldCount { return refuse(.headerTooLarge) }
        if let refusal = limits.refusal(of: head.line, head.headers) { return refuse(refusal) }
        if requests.seat.place == .reserve, !core.responder.isProbe(head.line) { return refuse(.crowded) }
        stream.expire(in: limits.bodyTimeout)
        guard head.headers.announcesBody else { return phase = .receiving(nil) }
        let request = HTTPRequest(head, body: nil, on: requests.resources)
        if let decision = core.responder.admitAtOnce(request) { return decide(decision) }
        let exchange = NIOLoopBound(self, eventLoop: requests.resources.eventLoop)
        let responder = core.responder
        task = Task.immediate(executorPreference: requests.executor) {
            let decision = await responder.admit(request)
            exchange.value.decide(decision)
        }
    }

    private func decide(_ decision: HeadDecision) {
        guard case .admitting = phase else { return }
        task = nil
        switch decision {
        case .refused(let response): finish(response)
        case .admitted(let admitted):
            guard body.announce(head.headers.announcedByteCount - body.byteCount, core.bodies, for: requests.seat.address) else {
                return refuseBody()
            }
            phase = .receiving(admitted)
            if head.headers.expect != nil, !isWhole { stream.send([":status": "100"], isEnd: false) }
            if isWhole { answer(admitted) }
        }
    }

    // MARK: The body

    /// What comes before the caller is let in is at most a window of the stream, and counts among the bodies as well.
    func received(_ bytes: ByteBuffer) {
        switch phase {
        case .admitting, .receiving: break
        case .answering, .answered: return
        }
        guard body.byteCount + bytes.readableBytes <= limits.bodyByteCount else {
            return refuse(.bodyTooLarge(limit: limits.bodyByteCount))
        }
        if !body.append(bytes, core.bodies, for: requests.seat.address) { refuseBody() }
    }

    func requestEnded() {
        isWhole = true
        if case .receiving(let admitted) = phase { answer(admitted) }
    }

    func timePassed() {
        switch phase {
        case .admitting, .receiving: refuse(.tooSlow)
        case .answering, .answered: break
        }
    }

    private func refuseBody() {
        core.log.note(.bodyRefused, on: requests.resources.eventLoop)
        refuse(.crowded)
    }

    // MARK: The answer

    private func answer(_ admitted: AdmittedRequest?) {
        phase = .answering
        stream.pauseTime()
        requests.watch.workBegins()
        hasRoom = core.room.enter { core.responder.priority(of: head.line) }
        guard hasRoom else {
            core.log.note(.shed, on: requests.resources.eventLoop)
            return refuse(.crowded)
        }
        let request = HTTPRequest(head, body: body.takeBytes(), on: requests.resources)
        let exchange = NIOLoopBound(self, eventLoop: requests.resources.eventLoop)
        switch core.responder.begin(request, admitted: admitted, onResponse: { exchange.value.finish($0) }) {
        case .answered(let response): finish(response)
        case .passedOn(let call): if case .answering = phase { self.call = call }
        case .waits(let admitted):
            let responder = core.responder
            task = Task.immediate(executorPreference: requests.executor) {
                let response = await responder.respond(to: request, admitted: admitted)
                exchange.value.finish(response)
            }
        }
    }

    private func refuse(_ refusal: HTTPRefusal) {
        finish(core.responder.refuse(refusal, head: head, on: requests.resources))
    }

    private func finish(_ response: HTTPResponse) {
        if case .answered = phase { return }
        end()
        response.write(to: stream, date: core.dates.now())
    }

    func closed() {
        end()
    }

    private func end() {
        let (task, call) = (task, call)
        (self.task, self.call) = (nil, nil)
        body.giveBack(core.bodies, of: requests.seat.address)
        if hasRoom { core.room.leave() }
        hasRoom = false
        guard case .answered = phase else {
            phase = .answered
            task?.cancel()
            call?.cancel()
            return
        }
    }
}
