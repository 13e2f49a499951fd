import NIOCore
import NIOHTTP1
import RPC
import ServiceKit

/// One request. Its body, where it has one, is in memory and within its limit, but for a request that isn't admitted yet.
final class HTTPRequest: Sendable {
    let head: RequestHead
    let body: ByteBuffer?
    let connection: ConnectionResources

    init(_ head: RequestHead, body: ByteBuffer?, on connection: ConnectionResources) {
        self.head = head
        self.body = body
        self.connection = connection
    }

    var method: HTTPMethod { head.line.method }
    /// Path and query as they were sent.
    var target: String { head.line.uri }
    var headers: RequestHeaders { head.headers }
    var eventLoop: any EventLoop { connection.eventLoop }
}

/// A request's header, read once and shared by all who work on the request.
final class RequestHead: Sendable {
    let line: HTTPRequestHead
    let headers: RequestHeaders

    init(_ line: HTTPRequestHead) {
        self.line = line
        headers = RequestHeaders(line.headers)
    }
}

/// What the requests of one connection share.
struct ConnectionResources: Sendable {
    let eventLoop: any EventLoop
    let traces: TraceIDs
    let lastCaller: LastCaller
    /// Who has connected; nil where that is no address of the Internet Protocol.
    var peer: IPAddress?
}

/// The header fields that mean something here, read in one pass. A field that must stand alone and doesn't is remembered
/// as `repeated`.
struct RequestHeaders: Sendable {
    var host: String?
    var authorization: String?
    var acceptEncoding: String?
    var contentType: String?
    var contentEncoding: String?
    var contentLength: String?
    var transferEncoding: String?
    var expect: String?
    var ifMatch: String?
    var ifNoneMatch: String?
    var idempotencyKey: String?
    var correlationID: String?
    var traceparent: String?
    var traceState: String?
    var timeout: String?
    var callTimeout: String?
    var grpcTimeout: String?
    var grpcEncoding: String?
    var forwardedFor: String?
    var accessReason: String?
    var cookie: String?
    var origin: String?
    var fetchSite: String?
    var upgrades = false
    /// The first field that stands more than once although it must not.
    var repeated: String?

    /// Whether a body follows. Of a chunked one nobody knows how long it will be.
    var announcesBody: Bool { transferEncoding != nil || announcedByteCount > 0 }

    var announcedByteCount: Int { contentLength.flatMap(Int.init) ?? 0 }

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            guard let header = KnownHeader(name) else { continue }
            let isFirst = take(value, as: header)
            if !isFirst, repeated == nil { repeated = name }
        }
    }

    /// Answers false where the field stood already and must stand alone.
    private mutating func take(_ value: String, as header: KnownHeader) -> Bool {
        switch header {
        case .host: return Self.fill(&host, value)
        case .authorization: return Self.fill(&authorization, value)
        case .contentType: return Self.fill(&contentType, value)
        case .contentEncoding: return Self.fill(&contentEncoding, value)
        case .contentLength: return Self.fill(&contentLength, value)
        case .transferEncoding: return Self.fill(&transferEncoding, value)
        case .expect: return Self.fill(&expect, value)
        case .idempotencyKey: return Self.fill(&idempotencyKey, value)
        case .correlationID: return Self.fill(&correlationID, value)
        // Several name no trace (W3C Trace Context, 3.2): a new one is begun.
        case .traceparent: traceparent = traceparent == nil ? value : ""
        case .timeout: return Self.fill(&timeout, value)
        case .callTimeout: return Self.fill(&callTimeout, value)
        case .grpcTimeout: return Self.fill(&grpcTimeout, value)
        case .grpcEncoding: return Self.fill(&grpcEncoding, value)
        case .accessReason: return Self.fill(&accessReason, value)
        case .traceState: Self.join(&traceState, value)
        case .origin: return Self.fill(&origin, value)
        case .fetchSite: return Self.fill(&fetchSite, value)
        // HTTP/2 lets a client cut it into several (RFC 9113, 8.2.3).
        case .cookie: cookie = cookie.map { "\($0); \(value)" } ?? value
        case .acceptEncoding: Self.join(&acceptEncoding, value)
        case .forwardedFor: Self.join(&forwardedFor, value)
        case .ifMatch: Self.join(&ifMatch, value)
        case .ifNoneMatch: Self.join(&ifNoneMatch, value)
        case .upgrade: upgrades = true
        }
        return true
    }

    /// A list may be cut over several fields (RFC 9110, 5.3).
    private static func join(_ field: inout String?, _ value: String) {
        field = field.map { "\($0), \(value)" } ?? value
    }

    private static func fill(_ field: inout String?, _ value: String) -> Bool {
        defer { field = value }
        return field == nil
    }
}
