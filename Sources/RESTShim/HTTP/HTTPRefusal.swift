import NIOCore
import NIOHTTP1

/// Why a request is refused before it is looked at as a call: it breaks HTTP, or a limit. The connection ends with it.
enum HTTPRefusal: Error, Hashable {
    case malformed(String)
    case missingHost
    case invalidHost
    /// No method of HTTP's own.
    case unknownMethod
    case bodyTooLarge(limit: Int)
    case targetTooLong(limit: Int)
    case headerTooLarge
    case unsupportedTransferCoding
    case unmetExpectation
    case unsupportedVersion
    case tooSlow
    /// Others have all that there is.
    case crowded

    /// What the decoder stumbled over, in words that repeat nothing of the request.
    init(decoderError: any Error, in startLine: StartLine, _ limits: HTTPLimits) {
        self =
            switch decoderError as? HTTPParserError {
            case .headerOverflow where startLine.targetByteCount > limits.targetByteCount: .targetTooLong(limit: limits.targetByteCount)
            case .headerOverflow: .headerTooLarge
            case .invalidMethod where startLine.namesMethod: .unknownMethod
            case .invalidVersion: .unsupportedVersion
            case .invalidMethod: .malformed("The method can't be read.")
            case .invalidURL, .invalidHost, .invalidPort, .invalidPath, .invalidQueryString, .invalidFragment:
                .malformed("The request target can't be read.")
            case .invalidContentLength, .unexpectedContentLength: .malformed("Content-Length and Transfer-Encoding don't fit.")
            case .invalidChunkSize: .malformed("The size of a chunk can't be read.")
            case .invalidEOFState: .malformed("The request ends before it is complete.")
            case .invalidHeaderToken: .malformed("A header field can't be read.")
            default: .malformed("The request isn't HTTP/1.1.")
            }
    }
}

extension HTTPLimits {
    /// Judges a request by its header alone: nothing of its body is read before this.
    func refusal(of head: HTTPRequestHead, _ headers: RequestHeaders) -> HTTPRefusal? {
        if head.version.major != 1 { return .unsupportedVersion }
        if head.uri.utf8.count > targetByteCount { return .targetTooLong(limit: targetByteCount) }
        if let repeated = headers.repeated { return .malformed("The header field \(fieldName(repeated)) stands more than once.") }
        if headers.host == nil, head.version.minor >= 1 { return .missingHost }
        if let host = headers.host, !Authority.isValid(host) { return .invalidHost }
        if !head.method.isOfHTTP { return .unknownMethod }
        if let coding = headers.transferEncoding {
            if head.version.minor < 1 || headers.contentLength != nil {
                return .malformed("Content-Length and Transfer-Encoding don't fit.")
            }
            if !coding.isField("chunked") { return .unsupportedTransferCoding }
        }
        if let expect = headers.expect, head.version.minor >= 1, !expect.isField("100-continue") { return .unmetExpectation }
        if let length = headers.contentLength {
            guard let byteCount = Int(length), byteCount >= 0 else { return .malformed("Content-Length isn't a number.") }
            if byteCount > bodyByteCount { return .bodyTooLarge(limit: bodyByteCount) }
        }
        return nil
    }

    /// Header names are tokens by now; only their length could still be a nuisance.
    private func fieldName(_ name: String) -> Substring { name.prefix(64) }
}

extension HTTPMethod {
    /// Whether HTTP itself defines it (RFC 9110, 9.3; RFC 5789). A path that doesn't know one of these says which it knows;
    /// of any other the server knows nothing at all.
    fileprivate var isOfHTTP: Bool {
        switch self {
        case .GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE, .CONNECT: true
        default: false
        }
    }
}
