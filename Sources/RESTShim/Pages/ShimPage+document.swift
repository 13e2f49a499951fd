import NIOCore
import NIOHTTP1

extension ShimPage {
    /// A document that is part of the program, with a tag over its bytes so that it is sent once to each reader. In gzip it
    /// is another representation, and has another tag (RFC 9110, 8.8.1).
    static func document(_ path: String, _ bytes: [UInt8], contentType: StaticString) -> ShimPage {
        let tag = fingerprint(bytes)
        let plain = Representation(tag: "\"\(tag)\"", coding: nil, body: ByteBuffer(bytes: bytes))
        let gzip = Gzip.compress(bytes, .most).map { Representation(tag: "\"\(tag)-gzip\"", coding: "gzip", body: ByteBuffer(bytes: $0)) }
        return ShimPage(path) { request in
            let prefersGzip = AcceptEncoding.prefersGzip(request.headers.acceptEncoding)
            return (prefersGzip ? gzip ?? plain : plain).response(to: request, contentType)
        }
    }

    private struct Representation {
        let tag: String
        let coding: String?
        let body: ByteBuffer

        func response(to request: HTTPRequest, _ contentType: StaticString) -> HTTPResponse {
            let isKnown = request.headers.ifNoneMatch.flatMap(EntityTagCondition.init)?.matchesWeakly(tag) ?? false
            var response = HTTPResponse(status: isKnown ? .notModified : .ok)
            response.set("ETag", tag)
            response.set("Vary", "Accept-Encoding")
            response.set("Cache-Control", "no-cache")
            guard !isKnown else { return response }
            response.contentType = contentType
            response.set("Content-Encoding", coding)
            response.body = .shared([body])
            return response
        }
    }

    /// 64-bit FNV-1a: enough to tell two versions of a document apart.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}
