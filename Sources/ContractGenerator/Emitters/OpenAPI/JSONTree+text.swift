extension JSONTree {
    /// For people: two spaces of indentation, and on one line what fits there.
    var document: String {
        var text = ""
        write(to: &text, indentation: "", column: 0)
        return text + "\n"
    }

    /// For programs: without white space, but for a line for each path and each component, so that versions can be compared.
    var compactDocument: String { compactText(lines: 3) + "\n" }

    private static let lineWidth = 120

    // MARK: For people

    private func write(to text: inout String, indentation: String, column: Int) {
        let line = oneLine
        guard !parts.isEmpty, column + line.count > Self.lineWidth else { return text += line }
        let inner = indentation + "  "
        text += brackets.open
        for (index, part) in parts.enumerated() {
            let start = inner + (part.key.map { Self.quoted($0) + ": " } ?? "")
            text += (index == 0 ? "\n" : ",\n") + start
            part.value.write(to: &text, indentation: inner, column: start.count)
        }
        text += "\n" + indentation + brackets.close
    }

    private var oneLine: String {
        guard !parts.isEmpty else { return scalarText ?? brackets.open + brackets.close }
        let inside = parts.map { part in (part.key.map { Self.quoted($0) + ": " } ?? "") + part.value.oneLine }
        return brackets.open + inside.joined(separator: ", ") + brackets.close
    }

    // MARK: For programs

    /// - Parameter lines: so many levels of members have a line each.
    private func compactText(lines: Int) -> String {
        guard !parts.isEmpty else { return scalarText ?? brackets.open + brackets.close }
        let inside = parts.map { part in
            (part.key.map { Self.quoted($0) + ":" } ?? "") + part.value.compactText(lines: lines - 1)
        }
        let breaksLines = lines > 0 && brackets.open == "{"
        return brackets.open + inside.joined(separator: breaksLines ? ",\n" : ",") + brackets.close
    }

    // MARK: Pieces

    /// What stands in an object or array.
    private var parts: [(key: String?, value: JSONTree)] {
        switch self {
        case .object(let members): members.map { (key: $0.key, value: $0.value) }
        case .array(let elements): elements.map { (key: nil, value: $0) }
        case .text, .integer, .bool, .null: []
        }
    }

    private var brackets: (open: String, close: String) {
        if case .array = self { ("[", "]") } else { ("{", "}") }
    }

    private var scalarText: String? {
        switch self {
        case .text(let value): Self.quoted(value)
        case .integer(let value): String(value)
        case .bool(let value): String(value)
        case .null: "null"
        case .object, .array: nil
        }
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
