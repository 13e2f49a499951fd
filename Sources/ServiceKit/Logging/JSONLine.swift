import Vocabulary

/// A JSON object on one line, built field by field and never longer than its limit: what does not fit is left out and
/// `"truncated":true` says so.
struct JSONLine {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private let limit: Int
    private var isTruncated = false

    /// How a truncated line ends.
    private static let tail = Array(#","truncated":true}"#.utf8) + [0x0A]

    /// An empty object.
    init(limit: Int) {
        self.limit = limit
        bytes.reserveCapacity(512)
    }

    /// The beginning of every log line: when, how grave, by whom.
    init(limit: Int, level: String, service: String) {
        self.init(limit: limit)
        add("timestamp", Instant(millisecondsSinceEpoch: SystemTime.millisecondsSinceEpoch()).rfc3339, longest: 32)
        add("level", level, longest: 16)
        add("service", service, longest: 64)
    }

    /// A text of which at most `longest` bytes are kept.
    mutating func add(_ name: String, _ value: String, longest: Int) {
        field(name) { line in
            line.append(UInt8(ascii: "\""))
            line.appendEscaped(value, longest: longest)
            line.append(UInt8(ascii: "\""))
        }
    }

    /// A value that is written as it is: a number or a truth value.
    mutating func addLiteral(_ name: String, _ value: String) {
        field(name) { $0.append(contentsOf: value.utf8) }
    }

    /// The finished line with its line break.
    consuming func finished() -> [UInt8] {
        bytes.append(contentsOf: isTruncated ? Self.tail : [UInt8(ascii: "}"), 0x0A])
        return bytes
    }

    private mutating func field(_ name: String, _ value: (inout [UInt8]) -> Void) {
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.appendEscaped(name, longest: 64)
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        value(&bytes)
        guard bytes.count > limit - Self.tail.count else { return }
        bytes.removeSubrange(start...)
        isTruncated = true
    }
}

extension [UInt8] {
    /// The text inside a JSON string (RFC 8259 §7). Line separators are escaped too, so that a line stays one line in
    /// every tool. A text that is too long is cut between two characters and ends in an ellipsis.
    fileprivate mutating func appendEscaped(_ text: String, longest: Int) {
        if appendPlain(text, longest: longest) { return }
        var written = 0
        for scalar in text.unicodeScalars {
            written += UTF8.width(scalar)
            guard written <= longest else {
                append(contentsOf: "…".utf8)
                return
            }
            appendEscaped(scalar)
        }
    }

    /// Most texts hold nothing to escape: they are copied in one piece. False, and nothing is done, where one is not like that.
    private mutating func appendPlain(_ text: String, longest: Int) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            guard utf8.count <= longest, utf8.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C }) else { return false }
            append(contentsOf: utf8)
            return true
        }
    }

    private mutating func appendEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
        case "\n": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case "\t": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
            let digits = String(scalar.value, radix: 16)
            append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
