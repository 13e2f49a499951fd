import NIOCore
import NIOHTTP1

/// A request whose header is there and whose body may still be arriving.
struct IncomingRequest {
    let head: RequestHead
    /// What the caller was let in for. Nil where there is no body, and so nothing to be let in for before it is answered.
    var admitted: AdmittedRequest?

    /// RFC 9110, 10.1.1: a client of HTTP/1.0 can't wait for it.
    var waitsForContinue: Bool { head.headers.expect != nil && head.line.version.minor >= 1 }

    /// After CONNECT or an upgrade the decoder reads no further request, so the connection ends with this one.
    var keepsAlive: Bool {
        head.line.isKeepAlive && !head.headers.upgrades && head.line.method != .CONNECT
    }
}
