/// A JSON document in the making. Objects keep their order.
indirect enum JSONTree {
    case object([(key: String, value: JSONTree)])
    case array([JSONTree])
    case text(String)
    case integer(Int)
    case bool(Bool)

    /// The document with two spaces of indentation and a line break at its end.
    var document: String {
        var text = ""
        write(to: &text, indentation: "")
        return text + "\n"
    }

    private func write(to text: inout String, indentation: String) {
        switch self {
        case .object(let members):
            Self.write(members, "{", "}", to: &text, indentation) { member, text, inner in
                text += "\(Self.quoted(member.key)): "
                member.value.write(to: &text, indentation: inner)
            }
        case .array(let elements):
            Self.write(elements, "[", "]", to: &text, indentation) { element, text, inner in
                element.write(to: &text, indentation: inner)
            }
        case .text(let value): text += Self.quoted(value)
        case .integer(let value): text += String(value)
        case .bool(let value): text += String(value)
        }
    }

    private static func write<Part>(
        _ parts: [Part], _ open: String, _ close: String, to text: inout String, _ indentation: String,
        _ body: (Part, inout String, String) -> Void
    ) {
        guard !parts.isEmpty else {
            text += open + close
            return
        }
        let inner = indentation + "  "
        text += open
        for (index, part) in parts.enumerated() {
            text += (index == 0 ? "\n" : ",\n") + inner
            body(part, &text, inner)
        }
        text += "\n" + indentation + close
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20: quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .integer(number) }
    init(booleanLiteral bool: Bool) { self = .bool(bool) }
    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, JSONTree)...) { self = .object(members.map { (key: $0, value: $1) }) }

    /// A reference to a component: `#/components/schemas/Patient`.
    static func reference(_ kind: String, _ name: String) -> JSONTree {
        ["$ref": .text("#/components/\(kind)/\(name)")]
    }

    static func texts(_ texts: some Sequence<String>) -> JSONTree {
        .array(texts.map { .text($0) })
    }

    /// The object with further members, those of `nil` left out.
    func adding(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree {
        guard case .object(let own) = self else { return self }
        return .object(own + members.compactMap { key, value in value.map { (key: key, value: $0) } })
    }
}
