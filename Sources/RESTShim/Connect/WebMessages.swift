import GRPC
import NIOCore
import NIOHTTP1
import ProtobufJSON
import RPC

/// A unary call of gRPC-Web: messages as gRPC has them, and the trailers as the last of them, because browsers see no others.
enum WebMessages {
    /// How they are written: as they are, or in base 64 for transports that carry text alone.
    enum Form {
        case binary
        case text

        /// Nil where a content type is no gRPC-Web.
        init?(_ contentType: String) {
            if ["application/grpc-web+proto", "application/grpc-web"].contains(where: contentType.isField) {
                self = .binary
            } else if ["application/grpc-web-text+proto", "application/grpc-web-text"].contains(where: contentType.isField) {
                self = .text
            } else {
                return nil
            }
        }

        var contentType: StaticString {
            switch self {
            case .binary: "application/grpc-web+proto"
            case .text: "application/grpc-web-text+proto"
            }
        }
    }

    private static let packedFlag: UInt8 = 1
    private static let trailersFlag: UInt8 = 0x80

    /// - Parameter limit: the most bytes of a message that was packed.
    static func message(in body: ByteBuffer, _ form: Form, _ packing: MessagePacking, limit: Int) throws(Problem) -> ByteBuffer {
        var rest = try bytes(of: body, form)
        guard let (flag, length) = rest.readMultipleIntegers(as: (UInt8, UInt32).self), rest.readableBytes == length,
            flag == 0 || flag == packedFlag && packing == .gzip
        else { throw .invalid("The body has to be one message.") }
        return flag == 0 ? rest : try packing.unpack(rest, limit: limit)
    }

    static func answer(_ message: [UInt8], _ form: Form) -> [UInt8] {
        written(framed(0, message) + framed(trailersFlag, Array("grpc-status: 0\r\n".utf8)), form)
    }

    /// The end of a call that failed.
    static func response(to problem: Problem, _ form: Form) -> HTTPResponse {
        let trailers = StatusTrailers.texts(RPCError(problem)).map { "\($0.name): \($0.value)\r\n" }.joined()
        var response = HTTPResponse(status: .ok, contentType: form.contentType)
        response.set("Cache-Control", "no-store")
        response.body = .bytes(written(framed(trailersFlag, Array(trailers.utf8)), form))
        return response
    }

    private static func bytes(of body: ByteBuffer, _ form: Form) throws(Problem) -> ByteBuffer {
        guard form == .text else { return body }
        guard let bytes = Base64.decode(Array(body.readableBytesView)) else { throw .invalid("The body has to be base 64.") }
        return ByteBuffer(bytes: bytes)
    }

    private static func written(_ bytes: [UInt8], _ form: Form) -> [UInt8] {
        switch form {
        case .binary: bytes
        case .text: Base64.encode(bytes)
        }
    }

    private static func framed(_ flag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var frame = ByteBuffer()
        frame.reserveCapacity(5 + bytes.count)
        frame.writeMultipleIntegers(flag, UInt32(bytes.count))
        frame.writeBytes(bytes)
        return Array(frame.readableBytesView)
    }
}
