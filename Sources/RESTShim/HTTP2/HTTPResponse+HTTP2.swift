import HTTP2
import NIOCore
import NIOHPACK
import NIOHTTP1

extension HTTPResponse {
    /// Writes the answer to a stream of HTTP/2: the same fields as in HTTP/1.1, in the letters that it asks for.
    func write(to stream: HTTP2Stream, date: String) {
        let bytes = body.bytes
        stream.send(fields(date: date), isEnd: bytes.isEmpty)
        for (index, piece) in bytes.enumerated() { stream.send(piece, isEnd: index == bytes.count - 1) }
    }

    private func fields(date: String) -> HPACKHeaders {
        var fields = HPACKHeaders()
        fields.reserveCapacity(headers.count + 5)
        fields.add(name: ":status", value: String(status.code))
        fields.add(name: "date", value: date)
        if let contentType { fields.add(name: "content-type", value: contentType.description) }
        for header in headers {
            // What differs from answer to answer would push what repeats out of the client's table.
            fields.add(name: header.name.description.lowercased(), value: header.value, indexing: .nonIndexable)
        }
        if status != .noContent, status != .notModified {
            fields.add(name: "content-length", value: String(body.byteCount), indexing: .nonIndexable)
        }
        fields.add(name: "x-content-type-options", value: "nosniff")
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
