import GRPC
import NIOCore
import NIOHTTP1
import RPC

/// A unary call of gRPC-Web: messages as gRPC has them, and the trailers as the last of them, because browsers see no others.
enum WebMessages {
    static let contentType: StaticString = "application/grpc-web+proto"
    private static let trailersFlag: UInt8 = 0x80

    static func message(in body: ByteBuffer?) throws(Problem) -> ByteBuffer {
        guard var rest = body, let (flag, length) = rest.readMultipleIntegers(as: (UInt8, UInt32).self), flag == 0,
            rest.readableBytes == length
        else { throw .invalid("The body has to be one message, not packed.") }
        return rest
    }

    static func answer(_ message: [UInt8]) -> [UInt8] {
        framed(0, message) + framed(trailersFlag, Array("grpc-status: 0\r\n".utf8))
    }

    /// The end of a call that failed.
    static func response(to problem: Problem) -> HTTPResponse {
        let trailers = StatusTrailers.texts(RPCError(problem)).map { "\($0.name): \($0.value)\r\n" }.joined()
        var response = HTTPResponse(status: .ok, contentType: contentType)
        response.set("Cache-Control", "no-store")
        response.body = .bytes(framed(trailersFlag, Array(trailers.utf8)))
        return response
    }

    private static func framed(_ flag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var frame = ByteBuffer()
        frame.reserveCapacity(5 + bytes.count)
        frame.writeMultipleIntegers(flag, UInt32(bytes.count))
        frame.writeBytes(bytes)
        return Array(frame.readableBytesView)
    }
}
