import PlainText
import Vocabulary

/// Turns the rows of one file into the records that they describe, in the forms that the public API takes.
public struct RowReader: Sendable {
    /// What was found out about the file, for the person who imports it: its separator, its dates, its zone.
    public let notes: [String]

    private let columns: ColumnMap
    private let meanings: ValueMap
    private let readers: [String: FieldReader]

    init(columns: ColumnMap, meanings: ValueMap, readers: [FieldReader], notes: [String]) {
        self.columns = columns
        self.meanings = meanings
        self.readers = Dictionary(readers.map { ($0.name, $0) }) { first, _ in first }
        self.notes = notes
    }

    /// What the source calls the row; nil where it has no name for it.
    public func sourceID(of fields: [String]) -> String? { columns.sourceID(of: fields) }

    /// The record that a row describes; other records are named as the row names them.
    ///
    /// - Throws: ``UnreadableRow`` with everything that can't be read.
    public func record(from fields: [String]) throws(UnreadableRow) -> JSONValue {
        var members: [JSONMember] = []
        var problems: [UnreadableRow.Problem] = []
        for (field, text) in columns.texts(in: fields) {
            do {
                guard let value = try readers[field.name]?.value(of: meanings.meaning(of: text, in: field.name)) else { continue }
                members.append(JSONMember(field.name, value))
            } catch {
                problems.append(UnreadableRow.Problem(field: field.name, reason: error.reason))
            }
        }
        guard problems.isEmpty else { throw UnreadableRow(problems: problems) }
        return .object(members)
    }
}

/// A row that can't be read.
public struct UnreadableRow: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Problem: Hashable, Sendable {
        public let field: String
        public let reason: String
    }

    public let problems: [Problem]

    /// Every problem, one behind the other.
    public var description: String { problems.map { "\($0.field): \($0.reason)" }.joined(separator: "; ") }
}
