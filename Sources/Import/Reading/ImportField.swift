import PlainText

/// One field of a row to import.
public struct ImportField: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        /// One line of text.
        case text
        /// Several values in one column.
        case list
        case wholeNumber
        /// In minor units where it is sent, in those of the file where it is read.
        case money
        /// A day that has been.
        case birthDate
        /// A point in time, or a day where the file says no more.
        case instant
        /// One of the names of an enumeration.
        case choice(of: [String])
        /// The id of a record: ours, or that of the source from which it was imported.
        case reference(to: ImportKind)
    }

    public let name: String
    public let isRequired: Bool
    public let form: Form

    init(_ name: String, required: Bool = false, form: Form = .text) {
        self.name = name
        isRequired = required
        self.form = form
    }

    /// Whether its values are dates, whose form can be asked for.
    var isDate: Bool { form == .birthDate || form == .instant }
}

extension StringProtocol {
    /// In one line: a line break and the white space around it is one space.
    var inOneLine: String {
        guard utf8.contains(where: { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }) else { return trimmingSpaces }
        return split(whereSeparator: \.isNewline).map(\.trimmingSpaces).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
