import NIOCore
import NIOHTTP1

/// One answer, whole.
struct HTTPResponse: Sendable {
    var status: HTTPResponseStatus
    var contentType: StaticString?
    /// Beside Date, Content-Type, Content-Length and Connection, which the connection writes itself.
    var headers: [Header] = []
    var body = Body.none

    struct Header: Sendable {
        let name: StaticString
        let value: String
    }

    enum Body: Sendable {
        case none
        case bytes([UInt8])
        case text(StaticString)
        /// Bytes that many answers share; the connection writes them after the header without a copy.
        case shared([ByteBuffer])
        /// A length without the bytes: the answer to HEAD.
        case omitted(byteCount: Int)

        var byteCount: Int {
            switch self {
            case .none: 0
            case .bytes(let bytes): bytes.count
            case .text(let text): text.utf8CodeUnitCount
            case .shared(let pieces): pieces.reduce(0) { $0 + $1.readableBytes }
            case .omitted(let byteCount): byteCount
            }
        }

        /// Bytes that stand in one piece with the header.
        var ownByteCount: Int {
            switch self {
            case .none, .shared, .omitted: 0
            case .bytes, .text: byteCount
            }
        }
    }

    /// Leaves out a field without a value, and any value that could break out of its line.
    mutating func set(_ name: StaticString, _ value: String?) {
        guard let value, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return }
        if headers.isEmpty { headers.reserveCapacity(8) }
        headers.append(Header(name: name, value: value))
    }

    /// The answer to HEAD: what GET says, without the body.
    func withoutBody() -> HTTPResponse {
        var response = self
        response.body = .omitted(byteCount: body.byteCount)
        return response
    }
}

extension HTTPResponse {
    /// What the connection decides about an answer.
    struct Framing {
        let date: String
        let closes: Bool
        /// HTTP/1.0 clients are told that the connection stays open; others expect it.
        let announcesKeepAlive: Bool
    }

    /// Writes the answer as HTTP/1.1, all but a shared body.
    func write(to buffer: inout ByteBuffer, framing: Framing) {
        buffer.reserveCapacity(minimumWritableBytes: 512 + body.ownByteCount)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status.code))
        buffer.writeStaticString(" ")
        buffer.writeString(status.reasonPhrase)
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeString(framing.date)
        if let contentType {
            buffer.writeStaticString("\r\nContent-Type: ")
            buffer.writeStaticString(contentType)
        }
        for header in headers {
            buffer.writeStaticString("\r\n")
            buffer.writeStaticString(header.name)
            buffer.writeStaticString(": ")
            buffer.writeString(header.value)
        }
        writeLength(to: &buffer)
        if framing.closes { buffer.writeStaticString("\r\nConnection: close") }
        if framing.announcesKeepAlive { buffer.writeStaticString("\r\nConnection: keep-alive") }
        buffer.writeStaticString("\r\nX-Content-Type-Options: nosniff\r\n\r\n")
        writeBody(to: &buffer)
    }

    private func writeLength(to buffer: inout ByteBuffer) {
        guard status != .noContent, status != .notModified else { return }
        buffer.writeStaticString("\r\nContent-Length: ")
        buffer.writeString(String(body.byteCount))
    }

    private func writeBody(to buffer: inout ByteBuffer) {
        switch body {
        case .none, .shared, .omitted: break
        case .bytes(let bytes): buffer.writeBytes(bytes)
        case .text(let text): buffer.writeStaticString(text)
        }
    }
}
