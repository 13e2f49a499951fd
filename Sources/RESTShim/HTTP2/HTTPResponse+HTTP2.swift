import HTTP2
import NIOCore
import NIOHTTP1

extension HTTPResponse {
    /// Writes the answer to a stream of HTTP/2: the same fields as in HTTP/1.1, in the letters that it asks for.
    func write(to stream: HTTP2Stream, date: String) {
        let bytes = body.bytes
        stream.send(fields(date: date), isEnd: bytes.isEmpty)
        for (index, piece) in bytes.enumerated() { stream.send(piece, isEnd: index == bytes.count - 1) }
    }

    private func fields(date: String) -> HeaderFields {
        var fields = HeaderFields()
        fields.reserveCapacity(headers.count + 5)
        fields.add(":status", String(status.code))
        fields.add("date", date)
        if let contentType { fields.add("content-type", contentType.description) }
        for header in headers {
            // What differs from answer to answer would push what repeats out of the client's table.
            fields.add(header.name.description.lowercased(), header.value, isRepeated: false)
        }
        if status != .noContent, status != .notModified {
            fields.add("content-length", String(body.byteCount), isRepeated: false)
        }
        fields.add("x-content-type-options", "nosniff")
        return fields
    }
}

extension HTTPResponse.Body {
    /// The pieces that go out after the header; none where there is nothing.
    fileprivate var bytes: [ByteBuffer] {
        switch self {
        case .none, .omitted: []
        case .bytes(let bytes): bytes.isEmpty ? [] : [ByteBuffer(bytes: bytes)]
        case .text(let text): text.utf8CodeUnitCount == 0 ? [] : [ByteBuffer(staticString: text)]
        case .shared(let pieces): pieces.filter { $0.readableBytes > 0 }
        }
    }
}
