import Foundation

/// How the characters of a file are written as bytes.
public struct TextEncoding: Hashable, Sendable, CustomStringConvertible {
    enum Form: Hashable, Sendable {
        case utf8
        /// Two bytes for most characters, the lower one first or last.
        case utf16(isLittleEndian: Bool)
        /// A byte for every character.
        case bytes(rawValue: UInt)
    }

    let form: Form
    public let description: String

    public static let utf8 = TextEncoding(.utf8, "utf-8")
    static let utf16LittleEndian = TextEncoding(.utf16(isLittleEndian: true), "utf-16le")
    static let utf16BigEndian = TextEncoding(.utf16(isLittleEndian: false), "utf-16be")

    /// The names that can be asked for, each with what it is also called.
    public static let names = [utf8, utf16LittleEndian, utf16BigEndian].map(\.description) + ["utf-16"] + singleBytes.map(\.name)

    private static let singleBytes: [(name: String, aliases: [String], encoding: String.Encoding)] = [
        ("windows-1252", ["cp1252", "ansi"], .windowsCP1252), ("iso-8859-1", ["latin1"], .isoLatin1),
        // Foundation has no name of its own for this one.
        ("iso-8859-15", ["latin9"], String.Encoding(rawValue: 0x8000_020F)), ("iso-8859-2", ["latin2"], .isoLatin2),
        ("windows-1250", ["cp1250"], .windowsCP1250), ("windows-1251", ["cp1251"], .windowsCP1251),
        ("windows-1253", ["cp1253"], .windowsCP1253), ("windows-1254", ["cp1254"], .windowsCP1254),
    ]

    private init(_ form: Form, _ description: String) {
        self.form = form
        self.description = description
    }

    /// - Throws: ``UnknownEncoding`` for a name that no encoding here has.
    public init(named name: String, start: [UInt8] = []) throws(UnknownEncoding) {
        let folded = Self.folded(name)
        if let known = [Self.utf8, .utf16LittleEndian, .utf16BigEndian].first(where: { Self.folded($0.description) == folded }) {
            self = known
        } else if folded == "utf16" {
            self = Self.utf16(start)
        } else if let single = Self.singleBytes.first(where: { ([$0.name] + $0.aliases).map(Self.folded).contains(folded) }) {
            self.init(.bytes(rawValue: single.encoding.rawValue), single.name)
        } else {
            throw UnknownEncoding(name: name)
        }
    }

    /// What the byte order mark says that a file begins with, and how long it is; nil where there is none.
    static func marked(_ start: [UInt8]) -> (encoding: TextEncoding, markLength: Int)? {
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if start.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if start.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// Without a mark: the first character is one of ASCII, whose other byte is zero.
    private static func utf16(_ start: [UInt8]) -> TextEncoding {
        marked(start)?.encoding ?? (start.first == 0 ? .utf16BigEndian : .utf16LittleEndian)
    }

    private static func folded(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}

/// There is no such encoding.
public struct UnknownEncoding: Error, Hashable, CustomStringConvertible {
    let name: String
    public var description: String {
        "there is no encoding “\(name)”: name one of \(TextEncoding.names.joined(separator: ", "))"
    }
}
