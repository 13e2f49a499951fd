import NIOCore
import NIOHTTP1

/// A request whose header is there and whose body may still be arriving.
struct IncomingRequest {
    let head: HTTPRequestHead
    let headers: RequestHeaders
    private var body: ByteBuffer?

    init(head: HTTPRequestHead, headers: RequestHeaders) {
        self.head = head
        self.headers = headers
    }

    /// Answers false where the body has grown over `limit`; the bytes aren't kept then.
    mutating func append(_ bytes: ByteBuffer, limit: Int) -> Bool {
        guard var body else {
            body = bytes
            return bytes.readableBytes <= limit
        }
        guard body.readableBytes + bytes.readableBytes <= limit else { return false }
        self.body = nil
        body.writeImmutableBuffer(bytes)
        self.body = body
        return true
    }

    /// After CONNECT or an upgrade the decoder reads no further request, so the connection ends with this one.
    var keepsAlive: Bool {
        head.isKeepAlive && !headers.upgrades && head.method != .CONNECT
    }

    func whole(on eventLoop: any EventLoop) -> HTTPRequest {
        HTTPRequest(method: head.method, target: head.uri, headers: headers, body: body, eventLoop: eventLoop)
    }
}
