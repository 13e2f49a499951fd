/// A JSON document in the making. Objects keep their order.
enum JSONTree: Sendable {
    case object([Member])
    case array([JSONTree])
    case text(String)
    case integer(Int)
    case bool(Bool)
    case null

    /// A type of its own, no tuple: the compiler infers that a tuple which recurs is Sendable only in some orders of its work.
    struct Member: Sendable {
        let key: String
        var value: JSONTree
    }

    /// A reference to a component: `#/components/schemas/Patient`.
    static func reference(_ kind: String, _ name: String) -> JSONTree {
        ["$ref": .text("#/components/\(kind)/\(name)")]
    }

    static func texts(_ texts: some Sequence<String>) -> JSONTree {
        .array(texts.map { .text($0) })
    }

    /// An object with a reference to a component under the name of each.
    static func references(_ kind: String, _ names: [String]) -> JSONTree {
        .object(names.map { Member(key: $0, value: .reference(kind, $0)) })
    }

    /// The object with further members, those of `nil` left out.
    func adding(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree {
        guard case .object(let own) = self else { return self }
        return .object(own + members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .integer(number) }
    init(booleanLiteral bool: Bool) { self = .bool(bool) }
    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, JSONTree)...) { self = .object(members.map { Member(key: $0, value: $1) }) }
}
