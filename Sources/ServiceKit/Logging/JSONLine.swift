/// A JSON object on one line, built field by field and never longer than its limit: what does not fit is left out and
/// `"truncated":true` says so.
public struct JSONLine {
    private(set) var bytes: [UInt8]
    private let limit: Int
    private var isTruncated = false

    /// How a truncated line ends.
    private static let tail = Array(#","truncated":true}"#.utf8) + [0x0A]

    /// Longest line of a log; within what a pipe takes in one piece, so that lines of several processes do not mix.
    static let logLimit = 4_096

    /// An empty object.
    init(limit: Int) {
        self.init(opening: "{", limit: limit)
    }

    /// - Parameter opening: what an object begins with, and perhaps some whole fields.
    private init(opening: StaticString, limit: Int) {
        self.limit = limit
        bytes = []
        bytes.reserveCapacity(512)
        opening.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// The beginning of every log line: when, in milliseconds since 1970, how grave, by whom, and what about.
    public init(at time: Int64, level: String, service: String, message: String) {
        self.init(limit: Self.logLimit)
        addText("timestamp") { $0.appendRFC3339(millisecondsSinceEpoch: time) }
        add("level", level, longest: 16)
        add("service", service, longest: 64)
        add("message", message, longest: 1_024)
    }

    /// Goes on with a log line of which the beginning is there.
    init(resuming beginning: consuming [UInt8]) {
        limit = Self.logLimit
        bytes = beginning
    }

    /// How a log line begins.
    ///
    /// - Parameter kind: the fields that tell how grave, by whom and what about.
    static func beginning(at time: Int64, _ kind: PreparedFields) -> [UInt8] {
        var line = JSONLine(limit: logLimit)
        line.addText("timestamp") { $0.appendRFC3339(millisecondsSinceEpoch: time) }
        line.add(kind)
        return line.bytes
    }

    /// A text of which at most `longest` bytes are kept. The name is written as it is.
    public mutating func add(_ name: StaticString, _ value: String, longest: Int = 512) {
        addText(name) { $0.appendEscaped(value, longest: longest) }
    }

    public mutating func add(_ name: StaticString, _ number: Int) {
        let start = begin(name)
        bytes.appendDigits(of: number)
        end(from: start)
    }

    public mutating func add(_ name: StaticString, _ flag: Bool) {
        let start = begin(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        end(from: start)
    }

    /// A span of time in milliseconds, to the microsecond.
    public mutating func add(_ name: StaticString, milliseconds nanoseconds: Int64) {
        let start = begin(name)
        let (whole, rest) = max(0, nanoseconds / 1_000).quotientAndRemainder(dividingBy: 1_000)
        bytes.appendDigits(of: Int(whole))
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(Int(rest), count: 3)
        end(from: start)
    }

    /// A text that `append` writes, with nothing in it that would have to be escaped.
    mutating func addText(_ name: StaticString, _ append: (inout [UInt8]) -> Void) {
        let start = begin(name)
        bytes.appendQuoted(append)
        end(from: start)
    }

    /// A text under a name that comes from elsewhere, too.
    mutating func add(named name: String, _ value: String, longest: Int) {
        let start = begin(named: name)
        bytes.appendQuoted { $0.appendEscaped(value, longest: longest) }
        end(from: start)
    }

    /// A value that is written as it is: a number or a truth value.
    mutating func addLiteral(named name: String, _ value: String) {
        let start = begin(named: name)
        bytes.append(contentsOf: value.utf8)
        end(from: start)
    }

    /// Fields that were made before.
    mutating func add(_ fields: PreparedFields) {
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: fields.bytes)
        end(from: start)
    }

    /// The finished line with its line break.
    public consuming func finished() -> [UInt8] {
        if isTruncated {
            bytes.append(contentsOf: Self.tail)
        } else {
            bytes.append(UInt8(ascii: "}"))
            bytes.append(0x0A)
        }
        return bytes
    }

    /// Writes the name of a field, and answers where the field begins.
    private mutating func begin(_ name: StaticString) -> Int {
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        return start
    }

    private mutating func begin(named name: String) -> Int {
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendQuoted { $0.appendEscaped(name, longest: 64) }
        bytes.append(UInt8(ascii: ":"))
        return start
    }

    /// Takes back a field for which there was no room.
    private mutating func end(from start: Int) {
        guard bytes.count > limit - Self.tail.count else { return }
        bytes.removeSubrange(start...)
        isTruncated = true
    }
}
