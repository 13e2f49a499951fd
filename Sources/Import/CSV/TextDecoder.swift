import Foundation

/// Turns the bytes of a file into UTF-8 and back, a chunk at a time.
struct TextDecoder {
    private let encoding: TextEncoding
    /// The UTF-8 of every byte, where each is a character.
    private let table: [[UInt8]]
    /// What the last chunk began and did not end.
    private var rest: [UInt8] = []

    init(_ encoding: TextEncoding) {
        self.encoding = encoding
        if case .bytes(let rawValue) = encoding.form { table = Self.table(String.Encoding(rawValue: rawValue)) } else { table = [] }
    }

    /// The next bytes in UTF-8. An empty chunk is the end.
    mutating func decode(_ chunk: [UInt8]) -> [UInt8] {
        switch encoding.form {
        case .utf8: chunk
        case .bytes: chunk.flatMap { table[Int($0)] }
        case .utf16(let isLittleEndian): decode(chunk, isLittleEndian: isLittleEndian)
        }
    }

    /// What `text` is in the file's own encoding: of what was decoded from it the same bytes again.
    static func encode(_ text: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        switch encoding.form {
        case .utf8: return text
        case .utf16(let isLittleEndian):
            return String(decoding: text, as: UTF8.self).utf16.flatMap { unit in
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
                return isLittleEndian ? [low, high] : [high, low]
            }
        case .bytes(let rawValue):
            let table = table(String.Encoding(rawValue: rawValue))
            let bytes = Dictionary(table.enumerated().map { ($0.element, UInt8($0.offset)) }) { first, _ in first }
            return String(decoding: text, as: UTF8.self).unicodeScalars.map { scalar in
                bytes[Array(String(scalar).utf8)] ?? UInt8(ascii: "?")
            }
        }
    }

    /// Half a character is kept for the next chunk; what is none becomes a byte that is no UTF-8 either, so that its row is told.
    private mutating func decode(_ chunk: [UInt8], isLittleEndian: Bool) -> [UInt8] {
        let bytes = rest + chunk
        let (low, high) = isLittleEndian ? (0, 1) : (1, 0)
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            units.append(UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + low]))
        }
        rest = bytes.count % 2 == 1 ? [bytes[bytes.count - 1]] : []
        if let last = units.last, UTF16.isLeadSurrogate(last), !chunk.isEmpty {
            units.removeLast()
            rest = Array(bytes.suffix(2 + rest.count))
        }
        if let text = String(validating: units, as: UTF16.self) { return Array(text.utf8) }
        return String(decoding: units, as: UTF16.self).unicodeScalars.flatMap { $0 == "\u{FFFD}" ? [0xFF] : Array(String($0).utf8) }
    }

    /// A byte that the encoding leaves open is the control character of its number, as browsers read it.
    private static func table(_ encoding: String.Encoding) -> [[UInt8]] {
        (0...255).map { (byte: UInt8) in
            let text = String(data: Data([byte]), encoding: encoding) ?? String(Unicode.Scalar(byte))
            return Array(text.utf8)
        }
    }
}
