import NIOCore
import NIOHTTP1

/// Why a request is refused before it is looked at as a call: it breaks HTTP, or a limit. The connection ends with it.
enum HTTPRefusal: Error, Hashable {
    case malformed(String)
    case missingHost
    case bodyTooLarge(limit: Int)
    case targetTooLong(limit: Int)
    case headerTooLarge
    case unsupportedTransferCoding
    case unmetExpectation
    case unsupportedVersion
    case tooSlow

    /// What the decoder stumbled over, in words that repeat nothing of the request.
    init(decoderError: any Error) {
        self =
            switch decoderError as? HTTPParserError {
            case .headerOverflow: .headerTooLarge
            case .invalidVersion: .unsupportedVersion
            case .invalidMethod: .malformed("The method is unknown.")
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
        if let coding = headers.transferEncoding {
            if head.version.minor < 1 || headers.contentLength != nil {
                return .malformed("Content-Length and Transfer-Encoding don't fit.")
            }
            if !coding.isField("chunked") { return .unsupportedTransferCoding }
        }
        if let expect = headers.expect, !expect.isField("100-continue") { return .unmetExpectation }
        if let length = headers.contentLength {
            guard let byteCount = Int(length), byteCount >= 0 else { return .malformed("Content-Length isn't a number.") }
            if byteCount > bodyByteCount { return .bodyTooLarge(limit: bodyByteCount) }
        }
        return nil
    }

    /// Header names are tokens by now; only their length could still be a nuisance.
    private func fieldName(_ name: String) -> Substring { name.prefix(64) }
}
