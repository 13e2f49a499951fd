import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import PlainText
import RPC

/// Speaks to a hospital's public API with one caller's token.
public struct HospitalClient: Sendable {
    private static let replyLimitBytes = 8 * 1024 * 1024

    public let url: HospitalURL
    private let token: String?
    private let http: HTTPClient

    public init(url: HospitalURL, token: String?, http: HTTPClient) {
        self.url = url
        self.token = token
        self.http = http
    }

    /// Sends once. Throws what AsyncHTTPClient throws where no answer came: unreachable, timed out, cut off.
    public func send(_ request: APIRequest, timeout: Duration = .seconds(15)) async throws -> APIReply {
        let response = try await http.execute(outgoing(request), timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: Self.replyLimitBytes)
        let headers = response.headers.map { (name: $0.name.lowercased(), value: $0.value) }
        return APIReply(status: Int(response.status.code), headers: headers, bytes: Array(body.readableBytesView))
    }

    private func outgoing(_ request: APIRequest) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: url.description + request.path + Self.text(of: request.query))
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if let token { outgoing.headers.add(name: "authorization", value: BearerToken.field(token)) }
        if let body = request.body {
            outgoing.headers.add(name: "content-type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(string: body.compact))
        }
        return outgoing
    }

    private static func text(of query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
    }

    /// RFC 3986: everything but the unreserved characters is escaped.
    static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension HTTPClient {
    /// Lends a client that never follows redirects, so that a token stays with the hospital it is for.
    ///
    /// - Parameter url: whom it is for. A hospital on this machine shows a certificate of its name to the world, and is known
    ///   here by the port that it holds instead.
    public static func withHospitalClient<Result>(
        for url: HospitalURL? = nil, connectTimeout: Duration = .seconds(5), connections: Int = 32,
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        if url?.isOfThisMachine == true {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.certificateVerification = .none
            configuration.tlsConfiguration = tls
        }
        configuration.timeout.connect = TimeAmount(connectTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}
