import NIOCore
import NIOHTTP1

/// Something that is read without a token and without a service's contract: health, the API's description, its docs.
struct ShimPage: Sendable {
    let path: String
    /// Whether it tells of the server's health, and so is answered when nothing else is.
    let isProbe: Bool
    private let make: @Sendable (HTTPRequest) async -> HTTPResponse

    init(_ path: String, isProbe: Bool = false, _ make: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) {
        self.path = path
        self.isProbe = isProbe
        self.make = make
    }

    func response(to request: HTTPRequest) async -> HTTPResponse {
        await make(request)
    }
}

extension ShimPage {
    /// Answers as long as the process does anything at all.
    static let livez = ShimPage("/livez", isProbe: true) { _ in
        var response = HTTPResponse(status: .ok, contentType: "application/json")
        response.body = .text(#"{"status":"live"}"#)
        response.set("Cache-Control", "no-store")
        return response
    }

    /// Whoever comes without a path is led to the page that tells of all others.
    static let root = ShimPage("/") { _ in
        var response = HTTPResponse(status: .found)
        response.set("Location", "/docs")
        response.set("Cache-Control", "no-store")
        return response
    }
}
