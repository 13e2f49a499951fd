/// Why a file can't be read as it was asked for.
public enum ReadingError: Error, Hashable, CustomStringConvertible {
    case noDateFormat(String)
    case noDateField(String, of: ImportKind)
    case noValueRule(String)
    case unknownValueField(String, of: ImportKind)
    case noSuchChoice(field: String, value: String, choices: [String])
    case valueMappedTwice(String)
    case badDefault(field: String, reason: String)
    case unitMissing(fields: [String])
    case openDates(field: String, patterns: [String])
    case mixedDates(field: String, lines: [Int])
    case twoDigitYears(field: String)

    public var description: String {
        switch self {
        case .noDateFormat(let rule):
            "“\(rule)” says no form of a date: write --date-format dd/MM/yyyy, or --date-format FIELD=dd/MM/yyyy for one field"
        case .noDateField(let field, let kind):
            "\(kind.rawValue) have no date “\(field)”: "
                + "--date-format can name \(kind.fields.filter(\.isDate).map(\.name).joined(separator: ", "))"
        case .noValueRule(let rule):
            "“\(rule)” maps no value: write --value FIELD:THEIRS=OURS, as in --value status:Finished=COMPLETED"
        case .unknownValueField(let field, let kind):
            "\(kind.rawValue) have no field “\(field)” whose values can be mapped"
        case .noSuchChoice(let field, let value, let choices):
            "\(field) can't be “\(value)”: it is one of \(choices.joined(separator: ", "))"
        case .valueMappedTwice(let rule):
            "the value of “\(rule)” is mapped twice"
        case .badDefault(let field, let reason):
            "--default \(field): the value \(reason)"
        case .unitMissing(let fields):
            "the file fills \(fields.joined(separator: ", ")) with amounts of money: "
                + "say with --unit major that 250 is two hundred and fifty, or with --unit minor that it is 2.50"
        case .openDates(let field, let patterns):
            "every date of \(field) could be \(patterns.joined(separator: " or ")): "
                + "say which with --date-format \(field)=\(patterns.first ?? "")"
        case .mixedDates(let field, let lines):
            "the dates of \(field) have no order in common (lines \(lines.map(String.init).joined(separator: " and "))): "
                + "say their form with --date-format \(field)=dd/MM/yyyy, and the others are refused"
        case .twoDigitYears(let field):
            "the dates of \(field) have years of two digits, which may be of two centuries: say their form with --date-format, "
                + "as in --date-format \(field)=dd/MM/yy"
        }
    }
}
