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
