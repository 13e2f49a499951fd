import Foundation
import NIOCore

/// An HTTP answer as it came over the socket.
struct Answer {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    /// Nil until all of it is there.
    init?(takingFrom buffer: inout ByteBuffer, isHead: Bool) {
        let text = String(buffer: buffer)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (name: String(line[..<colon]), value: line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
        }
        let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let headLength = text.utf8.distance(from: text.startIndex, to: end.upperBound)
        let bodyLength = isHead || status == 204 || status == 304 || status < 200 ? 0 : length
        guard buffer.readableBytes >= headLength + bodyLength else { return nil }
        buffer.moveReaderIndex(forwardBy: headLength)
        body = buffer.readBytes(length: bodyLength) ?? []
        self.status = status
        self.fields = fields
    }

    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty where it is none.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    var code: String? { json["code"] as? String }
}
