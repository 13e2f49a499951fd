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
        Self.pairDepartmentWithSpecialization(&named, kind: kind, header: header)
        let columns = { (field: String) in named[field] ?? Self.index(of: field, in: header).map { [$0] } }
        sourceIDColumns = columns(Self.sourceID) ?? []
        sources = kind.fields.compactMap { field in
            guard columns(field.name) != nil || values[field.name] != nil else { return nil }
            return Source(field: field, columns: columns(field.name) ?? [], otherwise: values[field.name] ?? "")
        }
        try requireAllRequired(of: kind, header: header)
    }

    /// What the source calls the row; nil where it has no name for it.
    func sourceID(of fields: [String]) -> String? {
        let id = Self.text(of: sourceIDColumns, in: fields)
        return id.isEmpty ? nil : id
    }

    /// The members of the request that imports what the row describes, other records named as the row names them.
    ///
    /// - Throws: why no request can be made of it.
    func request(from fields: [String]) throws(Refusal) -> JSONValue {
        .object(
            sources.compactMap { source in
                source.field.value(of: text(of: source, in: fields)).map { JSONMember(source.field.name, $0) }
            })
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
        if let column = index(of: names, in: header) { return [column] }
        var found: [Int] = []
        for name in names.split(separator: "+").map({ $0.trimmingSpaces }) {
            guard let column = index(of: name, in: header) else { throw .unknownColumn(name, header: header) }
            found.append(column)
        }
        return found
    }

    private static func index(of name: String, in header: [String]) -> Int? {
        if let exact = header.firstIndex(of: name) { return exact }
        return header.firstIndex { $0.trimmingSpaces.lowercased() == name.lowercased() }
    }

    /// Files tend to know one word for what a doctor does: where only one of the two fields has a column, it fills both.
    private static func pairDepartmentWithSpecialization(
        _ named: inout [String: [Int]], kind: ImportKind, header: [String]
    ) {
        guard kind == .doctors else { return }
        let department = named["department"] ?? index(of: "department", in: header).map { [$0] }
        let specialization = named["specialization"] ?? index(of: "specialization", in: header).map { [$0] }
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
        case .nothingFor(let fields, let header):
            "no column fills \(fields.joined(separator: " and ")): name one with --map \(fields[0])=COLUMN, or a value for all rows with "
                + "--default \(fields[0])=VALUE; "
                + "the file has \(header.joined(separator: ", "))"
        }
    }
}
