/// Takes the white space off both ends of the texts of a request, whatever Unicode counts as white space. Generated code calls
/// it for every text, before anything is checked, so that what is checked, stored and answered is the same.
public enum OuterSpace {
    public static func trim(_ text: inout String) {
        if text.hasOuterSpace { text = text.withoutOuterSpace }
    }

    public static func trim(_ text: inout String?) {
        if let given = text, given.hasOuterSpace { text = given.withoutOuterSpace }
    }

    public static func trim(_ texts: inout [String]) {
        for index in texts.indices { trim(&texts[index]) }
    }

    public static func trim(_ message: inout (some JSONMessage)?) {
        message?.trimTexts()
    }

    public static func trim(_ messages: inout [some JSONMessage]) {
        for index in messages.indices { messages[index].trimTexts() }
    }

    public static func trimmed(_ text: String) -> String { text.withoutOuterSpace }
}

extension String {
    /// Most texts have none, and the first and the last byte tell.
    fileprivate var hasOuterSpace: Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        guard first < 0x80, last < 0x80 else {
            return unicodeScalars.first?.properties.isWhitespace == true || unicodeScalars.last?.properties.isWhitespace == true
        }
        return first.isASCIISpace || last.isASCIISpace
    }

    var withoutOuterSpace: String {
        guard hasOuterSpace else { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}

extension UInt8 {
    fileprivate var isASCIISpace: Bool { self == 0x20 || 0x09...0x0D ~= self }
}
