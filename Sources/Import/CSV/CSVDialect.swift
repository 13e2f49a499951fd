/// What separates the columns and the rows of a file.
public struct CSVDialect: Hashable, Sendable {
    public let delimiter: Delimiter
    /// A line feed, with or without a carriage return before it, or in very old files a carriage return alone.
    let lineBreak: UInt8

    public init(delimiter: Delimiter = .comma, endsLinesWithReturn: Bool = false) {
        self.delimiter = delimiter
        lineBreak = endsLinesWithReturn ? ASCII.carriageReturn : ASCII.lineFeed
    }

    public enum Delimiter: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"
        case pipe = "|"

        var byte: UInt8 {
            switch self {
            case .comma: ASCII.comma
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            case .pipe: UInt8(ascii: "|")
            }
        }

        /// As people name it: `;`, or `tab`.
        public var description: String { self == .tab ? "tab" : rawValue }

        /// The delimiter of that name; nil for any other.
        public init?(named name: String) {
            let found = Self.allCases.first { $0.rawValue == name || $0.description == name.lowercased() || (name == "\\t" && $0 == .tab) }
            guard let found else { return nil }
            self = found
        }
    }
}

/// Guessing.
extension CSVDialect {
    /// How many rows are looked at beside the header.
    private static let rowLimit = 50

    /// What separates the columns and rows of a file that begins with these bytes.
    ///
    /// - Parameters:
    ///   - start: the first bytes of the file in UTF-8, all of them where it is short.
    ///   - delimiter: what is known.
    /// - Throws: ``UnclearDelimiter`` where two fit alike.
    init(guessedFrom start: [UInt8], delimiter: Delimiter?) throws {
        let endsWithReturn = Self.endsLinesWithReturn(start)
        let delimiter = try delimiter ?? Self.delimiter(of: start, endsLinesWithReturn: endsWithReturn)
        self.init(delimiter: delimiter, endsLinesWithReturn: endsWithReturn)
    }

    /// Whether the first line ends in a carriage return with nothing behind it.
    private static func endsLinesWithReturn(_ start: [UInt8]) -> Bool {
        var isQuoted = false
        for (index, byte) in start.enumerated() {
            if byte == ASCII.quote { isQuoted.toggle() }
            guard !isQuoted, byte == ASCII.lineFeed || byte == ASCII.carriageReturn else { continue }
            return byte == ASCII.carriageReturn && index + 1 < start.count && start[index + 1] != ASCII.lineFeed
        }
        return false
    }

    private struct Fit {
        let delimiter: Delimiter
        let columns: Int
        /// How many of the first rows have as many columns as the header.
        let rows: Int
    }

    /// The header must have it; among several it is the one with which most rows are as wide as the header, and then the
    /// one that makes most columns. A file of one column has none: any will do.
    private static func delimiter(of start: [UInt8], endsLinesWithReturn: Bool) throws -> Delimiter {
        let fits = try Delimiter.allCases.compactMap { try fit($0, start, endsLinesWithReturn) }
            .sorted { ($0.rows, $0.columns) > ($1.rows, $1.columns) }
        guard let best = fits.first else { return .comma }
        let others = fits.dropFirst().filter { $0.rows == best.rows && $0.columns == best.columns }
        guard others.isEmpty else { throw UnclearDelimiter(candidates: [best.delimiter] + others.map(\.delimiter)) }
        return best.delimiter
    }

    private static func fit(_ delimiter: Delimiter, _ start: [UInt8], _ endsLinesWithReturn: Bool) throws -> Fit? {
        var rest = start[...]
        let dialect = CSVDialect(delimiter: delimiter, endsLinesWithReturn: endsLinesWithReturn)
        var reader = try CSVReader(dialect: dialect) {
            defer { rest = [] }
            return Array(rest)
        }
        guard let header = try reader.readHeader(), header.problem == nil, header.fields.count > 1 else { return nil }
        var rows = 0
        for _ in 0..<rowLimit {
            guard let row = try reader.next() else { break }
            if row.problem == nil { rows += 1 }
        }
        return Fit(delimiter: delimiter, columns: header.fields.count, rows: rows)
    }
}

/// Two separators fit the file alike.
public struct UnclearDelimiter: Error, Hashable, CustomStringConvertible {
    let candidates: [CSVDialect.Delimiter]
    public var description: String {
        "the file could be separated by \(candidates.map { "“\($0)”" }.joined(separator: " or by ")): say which with --delimiter"
    }
}
