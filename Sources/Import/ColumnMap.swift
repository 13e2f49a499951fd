import PlainText

/// Which columns of a file fill which field.
public struct ColumnMap: Sendable {
    /// What the source calls a record, so that later imports know whom it means.
    static let sourceID = "id"

    private struct Source: Sendable {
        let field: ImportField
        let columns: [Int]
        /// What holds where the columns are empty.
        let otherwise: String
    }

    /// In the order of `ImportKind.fields`.
    private let sources: [Source]
    private let sourceIDColumns: [Int]

    /// - Parameters:
    ///   - rules: `field=COLUMN[+COLUMN…]` each. A field that none names takes the column of its own name, in any case.
    ///   - defaults: `field=value` each: what holds in rows that say nothing.
    ///   - header: the names of the columns.
    public init(_ rules: [String], defaults: [String] = [], kind: ImportKind, header: [String]) throws(ColumnMapError) {
        var named: [String: [Int]] = [:]
        for rule in rules {
            let (field, columns) = try Self.parse(rule, kind: kind)
            guard named[field] == nil else { throw .fieldMappedTwice(field) }
            named[field] = try Self.columns(columns, in: header)
        }
        var values: [String: String] = [:]
        for rule in defaults {
            let (field, value) = try Self.parse(rule, kind: kind)
            guard values.updateValue(value, forKey: field) == nil else { throw .fieldMappedTwice(field) }
        }
        for field in kind.fields.map(\.name) + [Self.sourceID] where named[field] == nil {
            named[field] = try Self.index(of: field, in: header).map { [$0] }
        }
        Self.pairDepartmentWithSpecialization(&named, kind: kind)
        sourceIDColumns = named[Self.sourceID] ?? []
        sources = kind.fields.compactMap { field in
            guard named[field.name] != nil || values[field.name] != nil else { return nil }
            return Source(field: field, columns: named[field.name] ?? [], otherwise: values[field.name] ?? "")
        }
        try requireAllRequired(of: kind, header: header)
    }

    /// What the source calls the row; nil where it has no name for it.
    func sourceID(of fields: [String]) -> String? {
        let id = Self.text(of: sourceIDColumns, in: fields)
        return id.isEmpty ? nil : id
    }

    /// The fields that the file fills, in the order of their kind.
    var fields: [ImportField] { sources.map(\.field) }

    /// The texts of a row's fields that fulfil the condition.
    func texts(in fields: [String], where isWanted: (ImportField) -> Bool = { _ in true }) -> [(field: ImportField, text: String)] {
        sources.compactMap { isWanted($0.field) ? ($0.field, text(of: $0, in: fields)) : nil }
    }

    /// What holds for a field in rows that say nothing; nil where nothing does.
    func defaultText(of field: String) -> String? {
        sources.first { $0.field.name == field && !$0.otherwise.isEmpty }?.otherwise
    }

    private func text(of source: Source, in fields: [String]) -> String {
        let text = Self.text(of: source.columns, in: fields)
        return text.isEmpty ? source.otherwise : text
    }

    private static func text(of columns: [Int], in fields: [String]) -> String {
        columns.map { fields[$0].trimmingSpaces }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func requireAllRequired(of kind: ImportKind, header: [String]) throws(ColumnMapError) {
        let mapped = Set(sources.map(\.field.name))
        let missing = kind.fields.filter { $0.isRequired && !mapped.contains($0.name) }.map(\.name)
        if !missing.isEmpty { throw .nothingFor(fields: missing, header: header) }
    }
}

/// Reading the rules.
extension ColumnMap {
    private static func parse(_ rule: String, kind: ImportKind) throws(ColumnMapError) -> (String, String) {
        let parts = rule.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .noRule(rule) }
        guard parts[0] == sourceID || kind.fields.contains(where: { $0.name == parts[0] }) else { throw .unknownField(parts[0], of: kind) }
        return (parts[0], parts[1])
    }

    /// A column's whole name wins over names joined by `+`, so that a `+` may be part of a name.
    private static func columns(_ names: String, in header: [String]) throws(ColumnMapError) -> [Int] {
        if let column = try index(of: names, in: header) { return [column] }
        var found: [Int] = []
        for name in names.split(separator: "+").map({ $0.trimmingSpaces }) {
            guard let column = try index(of: name, in: header) else { throw .unknownColumn(name, header: header) }
            found.append(column)
        }
        return found
    }

    /// The column of that name, in just these letters or else in any case.
    private static func index(of name: String, in header: [String]) throws(ColumnMapError) -> Int? {
        let names = header.map(\.trimmingSpaces)
        if let exact = names.firstIndex(of: name.trimmingSpaces) { return exact }
        let alike = names.indices.filter { names[$0].lowercased() == name.trimmingSpaces.lowercased() }
        guard alike.count < 2 else { throw .severalColumns(alike.map { names[$0] }) }
        return alike.first
    }

    /// Files tend to know one word for what a doctor does: where only one of the two fields has a column, it fills both.
    private static func pairDepartmentWithSpecialization(_ named: inout [String: [Int]], kind: ImportKind) {
        guard kind == .doctors else { return }
        let (department, specialization) = (named["department"], named["specialization"])
        named["department"] = department ?? specialization
        named["specialization"] = specialization ?? department
    }
}

/// Why the columns of a file can't be brought to the fields.
public enum ColumnMapError: Error, Hashable, CustomStringConvertible {
    case noRule(String)
    case unknownField(String, of: ImportKind)
    case fieldMappedTwice(String)
    case unknownColumn(String, header: [String])
    case severalColumns([String])
    case nothingFor(fields: [String], header: [String])

    public var description: String {
        switch self {
        case .noRule(let rule):
            "“\(rule)” is no mapping: write field=COLUMN or field=COLUMN+COLUMN"
        case .unknownField(let field, let kind):
            "\(kind.rawValue) have no field “\(field)”: map one of \(kind.fields.map(\.name).joined(separator: ", "))"
        case .fieldMappedTwice(let field):
            "“\(field)” is mapped twice"
        case .unknownColumn(let column, let header):
            "the file has no column “\(column)”; it has \(header.joined(separator: ", "))"
        case .severalColumns(let columns):
            "the file has the columns \(columns.map { "“\($0)”" }.joined(separator: " and ")): name one with --map, in its own letters"
        case .nothingFor(let fields, let header):
            "no column fills \(fields.joined(separator: " and ")): name one with --map \(fields[0])=COLUMN, or a value for all rows with "
                + "--default \(fields[0])=VALUE; "
                + "the file has \(header.joined(separator: ", "))"
        }
    }
}
