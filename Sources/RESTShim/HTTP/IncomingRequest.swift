import NIOCore
import NIOHTTP1

/// A request whose header is there and whose body may still be arriving.
struct IncomingRequest {
    let head: HTTPRequestHead
    let headers: RequestHeaders
    /// What the caller was let in for. Nil where there is no body, and so nothing to be let in for before it is answered.
    var admitted: AdmittedRequest?

    /// RFC 9110, 10.1.1: a client of HTTP/1.0 can't wait for it.
    var waitsForContinue: Bool { headers.expect != nil && head.version.minor >= 1 }

    /// After CONNECT or an upgrade the decoder reads no further request, so the connection ends with this one.
    var keepsAlive: Bool {
        head.isKeepAlive && !headers.upgrades && head.method != .CONNECT
    }

    func request(with body: ByteBuffer?, on eventLoop: any EventLoop) -> HTTPRequest {
        HTTPRequest(method: head.method, target: head.uri, headers: headers, body: body, eventLoop: eventLoop)
    }
}
