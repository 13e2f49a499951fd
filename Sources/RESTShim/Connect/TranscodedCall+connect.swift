import NIOCore
import NIOHTTP1
import RPC
import Routes

/// How the messages of a call by name are written: as Connect's unary calls have them, or gRPC-Web's.
enum CallCoding {
    case json
    case protobuf
    case grpcWeb

    /// Nil where a content type is none of them.
    init?(_ contentType: String) {
        if MediaType.isJSON(contentType) {
            self = .json
        } else if contentType.isField("application/proto") {
            self = .protobuf
        } else if contentType.isField("application/grpc-web+proto") || contentType.isField("application/grpc-web") {
            self = .grpcWeb
        } else {
            return nil
        }
    }
}

extension TranscodedCall {
    /// Nil for a route of REST.
    var coding: CallCoding? {
        get throws(Problem) {
            guard route.isCall else { return nil }
            if request.method == .POST { return try Self.coding(of: request.headers) }
            return try queryCoding()
        }
    }

    private static func coding(of headers: RequestHeaders) throws(Problem) -> CallCoding {
        if let coding = headers.contentEncoding, !coding.isField("identity") { throw .unsupportedCallType }
        guard let coding = headers.contentType.flatMap(CallCoding.init) else { throw .unsupportedCallType }
        return coding
    }

    private func queryCoding() throws(Problem) -> CallCoding {
        switch try parameter("encoding") {
        case "json": return .json
        case "proto": return .protobuf
        default: throw .unsupportedCallType
        }
    }

    /// The request's message: the body, or what the query holds.
    func callInput() throws(Problem) -> RouteInput {
        var input = RouteInput()
        input.body = request.method == .POST ? request.body : try messageInQuery()
        if try coding == .grpcWeb { input.body = try WebMessages.message(in: input.body) }
        if try coding == .json, input.body?.readableBytes ?? 0 == 0 { input.body = ByteBuffer(string: "{}") }
        return input
    }

    private func messageInQuery() throws(Problem) -> ByteBuffer {
        if let compression = try parameter("compression"), compression != "identity" { throw .unsupportedCallType }
        guard let message = try parameter("message") else { throw .invalid(field: "message", "is missing") }
        guard try parameter("base64") == "1" else { return ByteBuffer(string: message) }
        guard let bytes = Base64Text.decode(message) else { throw .invalid(field: "message", "isn't base 64") }
        return ByteBuffer(bytes: bytes)
    }

    private func parameter(_ name: String) throws(Problem) -> String? {
        guard let items = match.target.queryItems() else { throw .invalid("The query can't be read.") }
        return items.last { $0.name == name }?.value
    }

    /// The answer to a call by name.
    func callResponse(_ bytes: [UInt8], _ coding: CallCoding, _ metadata: Metadata) -> HTTPResponse {
        var response = HTTPResponse(status: .ok)
        switch coding {
        case .json: response.contentType = "application/json"
        case .protobuf: response.contentType = "application/proto"
        case .grpcWeb: response.contentType = WebMessages.contentType
        }
        response.body = .bytes(coding == .grpcWeb ? WebMessages.answer(bytes) : bytes)
        response.set("Idempotent-Replayed", metadata["idempotent-replayed"])
        response.set("Cache-Control", "no-store")
        return response
    }
}

/// Base 64 in either alphabet, padded or not (RFC 4648), as a query may hold it.
enum Base64Text {
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), UInt32(0))
        for letter in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            guard let digit = digit(letter) else { return nil }
            bits = bits << 6 | digit
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return count < 6 ? bytes : nil
    }

    private static func digit(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
