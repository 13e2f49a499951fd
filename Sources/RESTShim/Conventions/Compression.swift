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

    func apply(to response: HTTPResponse, for request: HTTPRequest) async -> HTTPResponse {
        guard response.status == .ok, case .bytes(let bytes) = response.body, bytes.count >= leastByteCount, response.isJSON,
            !response.hasTag
        else { return response }
        var response = response
        response.set("Vary", "Accept-Encoding")
        guard AcceptEncoding.prefersGzip(request.headers.acceptEncoding), let compressed = await compress(bytes, request.eventLoop) else {
            return response
        }
        response.set("Content-Encoding", "gzip")
        response.body = .bytes(compressed)
        return response
    }

    private func compress(_ bytes: [UInt8], _ eventLoop: any EventLoop) async -> [UInt8]? {
        guard bytes.count > mostOnLoop else { return Gzip.compress(bytes, .least) }
        let onThread = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { Gzip.compress(bytes, .least) }
        // A pool that has stopped compresses nothing: the answer goes out as it is.
        return try? await onThread.get()
    }
}

extension HTTPResponse {
    fileprivate var isJSON: Bool { contentType.map { $0.description == "application/json" } ?? false }

    fileprivate var hasTag: Bool { headers.contains { $0.name.description == "ETag" } }
}
