/// A JSON object on one line, built field by field and never longer than its limit: what does not fit is left out and
/// `"truncated":true` says so.
public struct JSONLine {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private let limit: Int
    private var isTruncated = false

    /// How a truncated line ends.
    private static let tail = Array(#","truncated":true}"#.utf8) + [0x0A]

    /// Longest line of a log; within what a pipe takes in one piece, so that lines of several processes do not mix.
    static let logLimit = 4_096

    /// An empty object.
    init(limit: Int) {
        self.limit = limit
        bytes.reserveCapacity(512)
    }

    /// The beginning of every log line: when, in milliseconds since 1970, how grave, by whom, and what about.
    public init(at time: Int64, level: String, service: String, message: String) {
        self.init(limit: Self.logLimit)
        field("timestamp") { $0.appendQuoted { $0.appendRFC3339(millisecondsSinceEpoch: time) } }
        add("level", level, longest: 16)
        add("service", service, longest: 64)
        add("message", message, longest: 1_024)
    }

    /// A text of which at most `longest` bytes are kept. The name is written as it is.
    public mutating func add(_ name: StaticString, _ value: String, longest: Int = 512) {
        field(name) { line in line.appendQuoted { $0.appendEscaped(value, longest: longest) } }
    }

    public mutating func add(_ name: StaticString, _ number: Int) {
        field(name) { $0.append(contentsOf: String(number).utf8) }
    }

    public mutating func add(_ name: StaticString, _ flag: Bool) {
        field(name) { $0.append(contentsOf: (flag ? "true" : "false").utf8) }
    }

    /// A span of time in milliseconds, to the microsecond.
    public mutating func add(_ name: StaticString, milliseconds nanoseconds: Int64) {
        field(name) { line in
            let (whole, rest) = max(0, nanoseconds / 1_000).quotientAndRemainder(dividingBy: 1_000)
            line.append(contentsOf: String(whole).utf8)
            line.append(UInt8(ascii: "."))
            line.appendDigits(Int(rest), count: 3)
        }
    }

    /// A text under a name that comes from elsewhere, too.
    mutating func add(named name: String, _ value: String, longest: Int) {
        field(named: name) { line in line.appendQuoted { $0.appendEscaped(value, longest: longest) } }
    }

    /// A value that is written as it is: a number or a truth value.
    mutating func addLiteral(named name: String, _ value: String) {
        field(named: name) { $0.append(contentsOf: value.utf8) }
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

    private mutating func field(_ name: StaticString, _ value: (inout [UInt8]) -> Void) {
        append({ line in name.withUTF8Buffer { line.append(contentsOf: $0) } }, value)
    }

    private mutating func field(named name: String, _ value: (inout [UInt8]) -> Void) {
        append({ $0.appendEscaped(name, longest: 64) }, value)
    }

    private mutating func append(_ name: (inout [UInt8]) -> Void, _ value: (inout [UInt8]) -> Void) {
        let start = bytes.count
        if start > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        value(&bytes)
        guard bytes.count > limit - Self.tail.count else { return }
        bytes.removeSubrange(start...)
        isTruncated = true
    }
}
