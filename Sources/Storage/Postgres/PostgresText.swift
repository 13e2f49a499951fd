/// A portable statement as PostgreSQL takes it: each `?` that stands for a value is numbered, `$1`, `$2`….
struct PostgresText {
    private(set) var sql = ""
    private(set) var parameterCount = 0

    /// Reads the statement once; quotes and comments are copied as they stand.
    init(_ portable: String) {
        var rest = portable.utf8[...]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count + 16)
        while let byte = rest.first {
            if let quoted = Self.quoted(rest) {
                bytes.append(contentsOf: quoted)
                rest = rest.dropFirst(quoted.count)
                continue
            }
            rest.removeFirst()
            guard byte == UInt8(ascii: "?") else {
                bytes.append(byte)
                continue
            }
            parameterCount += 1
            bytes.append(contentsOf: "$\(parameterCount)".utf8)
        }
        sql = String(decoding: bytes, as: UTF8.self)
    }

    /// What stands at the beginning and has no parameters: a literal, a quoted name or a comment; nil where none begins. A
    /// doubled quote within is the end of one and the beginning of the next, which comes to the same.
    private static func quoted(_ rest: Substring.UTF8View) -> Substring.UTF8View? {
        switch rest.first {
        case UInt8(ascii: "'"): return rest.through(after: "'", end: "'")
        case UInt8(ascii: "\""): return rest.through(after: "\"", end: "\"")
        case UInt8(ascii: "-") where rest.starts(with: "--".utf8): return rest.through(after: "--", end: "\n")
        case UInt8(ascii: "/") where rest.starts(with: "/*".utf8): return rest.through(after: "/*", end: "*/")
        default: return nil
        }
    }
}

extension Substring.UTF8View {
    /// The beginning up to and with the first `end` behind `start`; all of it where there is none.
    fileprivate func through(after start: String, end: String) -> Substring.UTF8View {
        var place = index(startIndex, offsetBy: start.utf8.count)
        while place < endIndex {
            if self[place...].starts(with: end.utf8) { return self[..<index(place, offsetBy: end.utf8.count)] }
            place = index(after: place)
        }
        return self
    }
}
