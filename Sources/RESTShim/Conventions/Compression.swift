import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers in gzip, for clients that take it.
///
/// What has an entity tag stays as it is: such a tag names the bytes of one representation, and comes back in `If-Match`.
/// Answers hold no secret that a stranger could guess from their length by putting something of his own beside it: tokens
/// are never answered.
struct Compression: Sendable {
    /// Below, gzip saves less than a packet.
    var leastByteCount = 2 << 10
    /// Above, the event loop has better things to do: a thread does it.
    var mostOnLoop = 64 << 10

    /// Tells `done` the answer as it goes out, on the request's event loop: mostly before this returns.
    func apply(to response: HTTPResponse, for request: HTTPRequest, done: @escaping @Sendable (HTTPResponse) -> Void) {
        guard response.status == .ok, case .bytes(let bytes) = response.body, bytes.count >= leastByteCount, response.isJSON,
            !response.hasTag
        else { return done(response) }
        var response = response
        response.set("Vary", "Accept-Encoding")
        guard AcceptEncoding.prefersGzip(request.headers.acceptEncoding) else { return done(response) }
        guard bytes.count > mostOnLoop else { return done(response.compressed(Gzip.compress(bytes, .least))) }
        let onThread = NIOThreadPool.singleton.runIfActive(eventLoop: request.eventLoop) { Gzip.compress(bytes, .least) }
        onThread.whenComplete { [response] result in
            // A pool that has stopped compresses nothing: the answer goes out as it is.
            done(response.compressed(try? result.get()))
        }
    }

    func apply(to response: HTTPResponse, for request: HTTPRequest) async -> HTTPResponse {
        await withCheckedContinuation { continuation in
            apply(to: response, for: request) { continuation.resume(returning: $0) }
        }
    }
}

extension HTTPResponse {
    /// The same as it is where nothing has come of compressing it.
    fileprivate func compressed(_ bytes: [UInt8]?) -> HTTPResponse {
        guard let bytes else { return self }
        var response = self
        response.set("Content-Encoding", "gzip")
        response.body = .bytes(bytes)
        return response
    }

    fileprivate var isJSON: Bool { contentType.map { $0.description == "application/json" } ?? false }

    fileprivate var hasTag: Bool { headers.contains { $0.name.description == "ETag" } }
}
