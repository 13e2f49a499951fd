import NIOCore
import NIOHPACK

/// Calls of gRPC, frame by frame.
extension FrameConnection {
    /// Sends a whole call.
    func call(_ stream: Int, _ method: String, _ message: String = "", _ fields: [(String, String)] = []) async throws {
        try await begin(stream, method, fields)
        try await send(Self.data, flags: 1, stream: stream, payload: Self.message(message))
    }

    /// Sends the header of a call.
    func begin(_ stream: Int, _ method: String, _ fields: [(String, String)] = []) async throws {
        try await request(
            stream, "/\(method)", [("te", "trailers"), ("content-type", "application/grpc")] + fields, method: "POST", isWhole: false)
    }

    static func message(_ text: String) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(UInt8(0), UInt32(text.utf8.count))
        bytes.writeString(text)
        return bytes
    }
}

extension FrameConnection.StreamAnswer {
    var grpcStatus: Int? { self["grpc-status"].flatMap { Int($0) } }

    /// The messages, without what stands before each.
    var messages: [String] {
        var (rest, messages) = (ByteBuffer(string: body), [String]())
        while let (_, length) = rest.readMultipleIntegers(as: (UInt8, UInt32).self) {
            messages.append(rest.readString(length: Int(length)) ?? "")
        }
        return messages
    }
}
