import NIOCore
import NIOHTTP1
import ProtobufJSON
import RPC
import Routes

/// How the messages of a call by name are written: as Connect's unary calls have them, or gRPC-Web's.
enum CallCoding: Equatable {
    case json
    case protobuf
    case grpcWeb(WebMessages.Form)

    /// Nil where a content type is none of them.
    init?(_ contentType: String) {
        if MediaType.isJSON(contentType) {
            self = .json
        } else if contentType.isField("application/proto") {
            self = .protobuf
        } else if let form = WebMessages.Form(contentType) {
            self = .grpcWeb(form)
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
    ///
    /// - Parameter limit: the most bytes of a message that was packed.
    func callInput(limit: Int) throws(Problem) -> RouteInput {
        let (body, isPost) = (request.body ?? ByteBuffer(), request.method == .POST)
        var input = RouteInput()
        switch try coding {
        case .grpcWeb(let form):
            input.body = try WebMessages.message(in: body, form, MessagePacking(request.headers.grpcEncoding), limit: limit)
        case .json, .protobuf, nil:
            let packing = try MessagePacking(isPost ? request.headers.contentEncoding : parameter("compression"))
            input.body = try packing.unpack(isPost ? body : messageInQuery(), limit: limit)
        }
        if try coding == .json, input.body?.readableBytes ?? 0 == 0 { input.body = ByteBuffer(string: "{}") }
        return input
    }

    private func messageInQuery() throws(Problem) -> ByteBuffer {
        guard let message = try parameter("message") else { throw .invalid(field: "message", "is missing") }
        guard try parameter("base64") == "1" else { return ByteBuffer(string: message) }
        guard let bytes = Base64.decode(Array(message.utf8)) else { throw .invalid(field: "message", "isn't base 64") }
        return ByteBuffer(bytes: bytes)
    }

    private func parameter(_ name: String) throws(Problem) -> String? {
        guard let items = match.target.queryItems() else { throw .invalid("The query can't be read.") }
        return items.last { $0.name == name }?.value
    }

    /// The answer to a call by name.
    func callResponse(_ bytes: [UInt8], _ coding: CallCoding, _ metadata: Metadata) -> HTTPResponse {
        var response = HTTPResponse(status: .ok)
        response.body = .bytes(bytes)
        switch coding {
        case .json: response.contentType = "application/json"
        case .protobuf: response.contentType = "application/proto"
        case .grpcWeb(let form):
            response.contentType = form.contentType
            response.body = .bytes(WebMessages.answer(bytes, form))
        }
        response.set("Idempotent-Replayed", metadata["idempotent-replayed"])
        response.set("Cache-Control", "no-store")
        return response
    }
}
