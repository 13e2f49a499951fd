import NIOHTTP1

/// Something about sessions that everybody may ask for. Unlike a page, it may take a small body.
struct SignInEndpoint: Sendable {
    let path: String
    let method: HTTPMethod
    private let make: @Sendable (HTTPRequest) async throws(Problem) -> HTTPResponse

    /// A name, a password and a path, in whatever letters.
    static let bodyLimit = 4_096

    init(_ path: String, _ method: HTTPMethod = .GET, _ make: @escaping @Sendable (HTTPRequest) async throws(Problem) -> HTTPResponse) {
        self.path = path
        self.method = method
        self.make = make
    }

    /// Whoever sends it is not known yet: what he may send is little, and of a length that he has said.
    func check(_ headers: RequestHeaders) throws(Problem) {
        guard headers.announcesBody else { return }
        guard method == .POST else { throw .invalid("This request takes no body.") }
        guard headers.transferEncoding == nil else { throw .invalid("The length of this request's body has to be announced.") }
        guard headers.announcedByteCount <= Self.bodyLimit else { throw Problem(.bodyTooLarge(limit: Self.bodyLimit)) }
    }

    func response(to request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        try await make(request)
    }
}
