extension JSONTree {
    /// Two spaces of indentation, on one line what fits there, and small members side by side.
    var document: String {
        var text = ""
        write(to: &text, indentation: "", column: 0)
        return text + "\n"
    }

    private static let lineWidth = 140
    /// A member up to this width may have others beside it.
    private static let smallWidth = 140

    // MARK: Laying out

    private func write(to text: inout String, indentation: String, column: Int) {
        let line = oneLine
        guard !parts.isEmpty, column + line.count > Self.lineWidth else { return text += line }
        let inner = indentation + "  "
        text += brackets.open
        /// Where the line ends on which the next small member may stand; nil where none may.
        var end: Int?
        for (index, part) in parts.enumerated() {
            let key = part.key.map { Self.quoted($0) + ": " } ?? ""
            let width = key.count + part.value.oneLine.count
            let isBeside = width <= Self.smallWidth && end.map { $0 + 2 + width <= Self.lineWidth } ?? false
            text += (index == 0 ? "" : ",") + (isBeside ? " " : "\n" + inner) + key
            let start = isBeside ? (end ?? 0) + 2 : inner.count
            part.value.write(to: &text, indentation: inner, column: start + key.count)
            end = width <= Self.smallWidth ? start + width : nil
        }
        text += "\n" + indentation + brackets.close
    }

    /// The document without a line break.
    var oneLine: String {
        guard !parts.isEmpty else { return scalarText ?? brackets.open + brackets.close }
        let inside = parts.map { part in (part.key.map { Self.quoted($0) + ": " } ?? "") + part.value.oneLine }
        return brackets.open + inside.joined(separator: ", ") + brackets.close
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
