import NIOHTTP1

/// Something that is read without a token and without a service's contract: health, the API's description, its docs.
struct Page: Sendable {
    let path: String
    private let make: @Sendable (HTTPRequest) async -> HTTPResponse

    init(_ path: String, _ make: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) {
        self.path = path
        self.make = make
    }

    func response(to request: HTTPRequest) async -> HTTPResponse {
        await make(request)
    }
}

extension Page {
    /// Answers as long as the process does anything at all.
    static let livez = Page("/livez") { _ in
        var response = HTTPResponse(status: .ok, contentType: "application/json")
        response.body = .text(#"{"status":"live"}"#)
        response.set("Cache-Control", "no-store")
        return response
    }

    /// A document that is part of the program, with a tag over its bytes so that it is sent once to each reader.
    static func document(_ path: String, _ text: StaticString, contentType: StaticString) -> Page {
        let tag = "\"\(fingerprint(text))\""
        return Page(path) { request in
            let isKnown = request.headers.ifNoneMatch.flatMap(EntityTagCondition.init)?.matchesWeakly(tag) ?? false
            var response = HTTPResponse(status: isKnown ? .notModified : .ok)
            response.set("ETag", tag)
            response.set("Cache-Control", "no-cache")
            guard !isKnown else { return response }
            response.contentType = contentType
            response.body = .text(text)
            return response
        }
    }

    /// 64-bit FNV-1a: enough to tell two versions of a document apart.
    private static func fingerprint(_ text: StaticString) -> String {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
