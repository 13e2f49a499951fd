extension JSONValue {
    /// On one line, without spaces: the form for requests.
    public var compact: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    /// Indented by two spaces: the form for people.
    public var pretty: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let bool): text += bool ? "true" : "false"
        case .integer(let integer): text += "\(integer)"
        case .unsigned(let unsigned): text += "\(unsigned)"
        case .number(let number): text += Self.text(of: number)
        case .string(let string): Self.write(string, into: &text)
        case .array(let elements):
            Self.writeList(elements, between: "[", "]", into: &text, indent: indent) { element, text, indent in
                element.write(into: &text, indent: indent)
            }
        case .object(let members):
            Self.writeList(members, between: "{", "}", into: &text, indent: indent) { member, text, indent in
                Self.write(member.name, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: indent)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], between open: String, _ close: String, into text: inout String, indent: Int?,
        each write: (Element, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            breakLine(&text, inner)
            write(element, &text, inner)
        }
        if !elements.isEmpty { breakLine(&text, indent) }
        text += close
    }

    private static func breakLine(_ text: inout String, _ indent: Int?) {
        guard let indent else { return }
        text += "\n" + String(repeating: " ", count: indent)
    }

    /// JSON has no NaN and no infinity; the protobuf mapping writes them as strings.
    private static func text(of number: Double) -> String {
        if number.isNaN { return "\"NaN\"" }
        if number.isInfinite { return number < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
        return number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: text += escaped(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}
