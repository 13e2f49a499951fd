/// One record of a CSV file as it stood there, and what is wrong with it, if anything.
public struct CSVRow: Hashable, Sendable {
    /// The line of the file on which the record begins, counted from 1.
    public let line: Int
    /// The values, unquoted. Of a broken record whatever could be made out, invalid UTF-8 replaced.
    public let fields: [String]
    public let problem: CSVProblem?
    /// The bytes of the record as they stood in the file, without the line break behind them. Of a broken record its first
    /// line, as far as `CSVLimits.rowBytes` reaches.
    public let raw: [UInt8]

    public init(line: Int, fields: [String], problem: CSVProblem? = nil, raw: [UInt8] = []) {
        self.line = line
        self.fields = fields
        self.problem = problem
        self.raw = raw
    }
}

/// Why a record can't be read. Described in words for the person who has to mend the file.
public enum CSVProblem: Hashable, Sendable, CustomStringConvertible {
    case unclosedQuote
    case textAfterQuote
    case strayQuote
    case columnCount(expected: Int, found: Int)
    case fieldTooLong(column: Int, limitBytes: Int)
    case rowTooLong(limitBytes: Int)
    case notUTF8(column: Int)

    public var description: String {
        switch self {
        case .unclosedQuote: "a quote is opened and never closed"
        case .textAfterQuote: "text follows a closing quote"
        case .strayQuote: "a quote stands inside a field that does not begin with one"
        case .columnCount(let expected, let found): "has \(found) columns instead of \(expected)"
        case .fieldTooLong(let column, let limit): "column \(column) is longer than \(limit) bytes"
        case .rowTooLong(let limit): "the row is longer than \(limit) bytes"
        case .notUTF8(let column): "column \(column) is not UTF-8"
        }
    }
}

/// How much of a file one field and one record may take.
public struct CSVLimits: Hashable, Sendable {
    public var fieldBytes: Int
    public var rowBytes: Int

    public init(fieldBytes: Int = 64 * 1024, rowBytes: Int = 1024 * 1024) {
        self.fieldBytes = fieldBytes
        self.rowBytes = rowBytes
    }
}
