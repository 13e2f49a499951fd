import NIOCore
import NIOHTTP1

/// Writing, and the end of a connection.
extension HTTPConnection {
    func refuse(_ refusal: HTTPRefusal, head: RequestHead?) {
        guard context != nil else { return }
        endWith(core.responder.refuse(refusal, head: head, on: resources))
    }

    /// The last answer of the connection: what follows of the request isn't read.
    func endWith(_ response: HTTPResponse) {
        write(response, closes: true, announcesKeepAlive: false)
        linger()
        core.connections.rest(seat)
    }

    func write(_ response: HTTPResponse, closes: Bool, announcesKeepAlive: Bool) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 512 + response.body.ownByteCount)
        let framing = HTTPResponse.Framing(date: core.dates.now(), closes: closes, announcesKeepAlive: announcesKeepAlive)
        response.write(to: &buffer, framing: framing)
        context.write(wrapOutboundOut(buffer), promise: nil)
        if case .shared(let pieces) = response.body {
            for piece in pieces { context.write(wrapOutboundOut(piece), promise: nil) }
        }
        if !isReading { context.flush() }
    }

    /// Ends the sending side and waits a little for the client to close: closing at once would reset the connection
    /// while the client still sends, and the answer would be lost.
    func linger() {
        body.giveBack(core.bodies, of: seat.address)
        phase = .lingering
        forgetArrivals()
        guard let context else { return }
        context.flush()
        if isInputClosed { return context.close(promise: nil) }
        timer.set(in: limits.writeTimeout)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [timer, limits] _ in timer.set(in: limits.lingerTimeout) }
        context.close(mode: .output, promise: sent)
        pacer.resume()
    }

    func timePassed() {
        switch phase {
        case .waiting where headHasBegun: refuse(.tooSlow, head: nil)
        case .receiving(let request): refuse(.tooSlow, head: request.head)
        case .waiting, .admitting, .answering, .lingering: context?.close(promise: nil)
        }
    }
}
