/// A statement that one connection has prepared.
final class PostgresStatement {
    let name: String
    let parameterCount: Int
    /// Of the parameters, as the server understands them.
    var types: [UInt32]
    /// Whether a read that began with it has asked for more, so that it needs a snapshot from the start.
    var needsSnapshot = false

    init(name: String, types: [UInt32]) {
        self.name = name
        parameterCount = types.count
        self.types = types
    }

    /// Whether values of these types can be bound to it. NULL can always.
    func takes(_ types: [UInt32]) -> Bool {
        zip(types, self.types).allSatisfy { given, known in
            given == known || given == PostgresType.unknown || given == PostgresType.text && PostgresType.isText(known)
        }
    }
}

/// Prepared statements of one connection by their text. A text has more than one only where a parameter that was NULL at first
/// was taken for another type than it turned out to have.
struct PostgresStatements {
    private var byText: [StatementText: [PostgresStatement]] = [:]
    private(set) var count = 0
    private var made = 0

    func find(_ text: StatementText, types: [UInt32]) -> PostgresStatement? {
        byText[text]?.first { $0.takes(types) }
    }

    /// A new one, to be prepared. Types that are not given are those of an earlier one, where there is one.
    mutating func add(_ text: StatementText, types: [UInt32]) -> PostgresStatement {
        made += 1
        count += 1
        let known = byText[text]?.last?.types ?? types
        let statement = PostgresStatement(
            name: "s\(made)", types: zip(types, known).map { $0 == PostgresType.unknown ? $1 : $0 })
        byText[text, default: []].append(statement)
        return statement
    }

    mutating func remove(_ statement: PostgresStatement) {
        count -= 1
        for text in byText.keys where byText[text]?.contains(where: { $0 === statement }) == true {
            byText[text]?.removeAll { $0 === statement }
        }
    }

    mutating func removeAll() {
        byText.removeAll()
        count = 0
    }
}
