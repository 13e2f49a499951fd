/// The header fields that the shim reads.
enum KnownHeader {
    case host, authorization, acceptEncoding, contentType, contentEncoding, contentLength, transferEncoding, expect
    case ifMatch, ifNoneMatch
    case idempotencyKey, correlationID, traceparent, traceState, timeout, callTimeout, grpcTimeout, grpcEncoding, forwardedFor
    case accessReason, upgrade, cookie, origin, fetchSite

    /// Compares with the few names of the same length only: most fields of a browser's request are told apart by it.
    init?(_ name: String) {
        switch name.utf8.count {
        case 4 where name.isField("host"): self = .host
        case 6 where name.isField("expect"): self = .expect
        case 6 where name.isField("cookie"): self = .cookie
        case 6 where name.isField("origin"): self = .origin
        case 7 where name.isField("upgrade"): self = .upgrade
        case 8 where name.isField("if-match"): self = .ifMatch
        case 10 where name.isField("tracestate"): self = .traceState
        case 11 where name.isField("traceparent"): self = .traceparent
        case 12 where name.isField("content-type"): self = .contentType
        case 12 where name.isField("x-timeout-ms"): self = .timeout
        case 12 where name.isField("grpc-timeout"): self = .grpcTimeout
        case 13 where name.isField("grpc-encoding"): self = .grpcEncoding
        case 13 where name.isField("authorization"): self = .authorization
        case 13 where name.isField("if-none-match"): self = .ifNoneMatch
        case 14 where name.isField("content-length"): self = .contentLength
        case 14 where name.isField("sec-fetch-site"): self = .fetchSite
        case 15 where name.isField("accept-encoding"): self = .acceptEncoding
        case 15 where name.isField("idempotency-key"): self = .idempotencyKey
        case 15 where name.isField("x-forwarded-for"): self = .forwardedFor
        case 15 where name.isField("x-access-reason"): self = .accessReason
        case 16 where name.isField("x-correlation-id"): self = .correlationID
        case 16 where name.isField("content-encoding"): self = .contentEncoding
        case 17 where name.isField("transfer-encoding"): self = .transferEncoding
        case 18 where name.isField("connect-timeout-ms"): self = .callTimeout
        default: return nil
        }
    }
}

extension String {
    /// Compares with a lower-case ASCII name, in any case.
    func isField(_ lowercaseName: StaticString) -> Bool {
        guard utf8.count == lowercaseName.utf8CodeUnitCount else { return false }
        let expected = UnsafeBufferPointer(start: lowercaseName.utf8Start, count: lowercaseName.utf8CodeUnitCount)
        return zip(utf8, expected).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5A && $0 | 0x20 == $1) }
    }
}
