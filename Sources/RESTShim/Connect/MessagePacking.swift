import GRPC
import NIOCore
import NIOHTTP1
import RPC

/// How the bytes of a message are packed.
enum MessagePacking {
    case plain
    case gzip

    /// - Parameter name: as `Content-Encoding`, `grpc-encoding` and Connect's query have it.
    init(_ name: String?) throws(Problem) {
        guard let name, !name.isField("identity") else {
            self = .plain
            return
        }
        guard name.isField("gzip") else { throw .unsupportedPacking }
        self = .gzip
    }

    /// - Parameter limit: of the bytes that come out of it.
    func unpack(_ bytes: ByteBuffer, limit: Int) throws(Problem) -> ByteBuffer {
        guard self == .gzip else { return bytes }
        switch Gunzip.unpack(bytes, limit: limit) {
        case .unpacked(let message): return message
        case .tooLarge: throw Problem(.bodyTooLarge(limit: limit))
        case .malformed: throw .invalid("The message can't be unpacked.")
        }
    }
}

extension Problem {
    fileprivate static var unsupportedPacking: Problem {
        var problem = Problem(.notImplemented, "UNSUPPORTED_ENCODING", "Messages are taken plain, or packed by gzip.")
        problem.callCode = .unimplemented
        return problem
    }
}
