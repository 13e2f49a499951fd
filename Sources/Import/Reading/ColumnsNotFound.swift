/// The columns of a file can't be brought to the fields, perhaps because something else separates them.
public struct ColumnsNotFound: Error, Hashable, CustomStringConvertible {
    public let error: ColumnMapError
    public let delimiter: CSVDialect.Delimiter

    public var description: String {
        switch error {
        case .unknownColumn, .nothingFor: "\(error), separated by “\(delimiter)”"
        case .noRule, .unknownField, .fieldMappedTwice, .severalColumns: "\(error)"
        }
    }
}
