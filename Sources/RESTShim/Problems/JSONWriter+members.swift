import ProtobufJSON

/// What documents that are no messages are written with: problems and readiness.
extension JSONWriter {
    /// A document of one object.
    static func document(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(members)
        return writer.withBytes { [UInt8]($0) }
    }

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        openObject()
        members(&self)
        closeObject()
    }

    mutating func object(_ name: JSONKey, _ members: (inout JSONWriter) -> Void) {
        guard key(name) else { return }
        object(members)
    }

    mutating func array<Element>(_ name: JSONKey, _ elements: [Element], _ members: (Element, inout JSONWriter) -> Void) {
        guard key(name) else { return }
        openArray()
        for element in elements { object { members(element, &$0) } }
        closeArray()
    }

    mutating func member(_ name: JSONKey, _ text: String) {
        if key(name) { appendText(text) }
    }

    mutating func member(_ name: JSONKey, _ isSo: Bool) {
        if key(name) { append(isSo ? "true" : "false") }
    }

    mutating func texts(_ name: JSONKey, _ texts: [String]) {
        guard key(name) else { return }
        openArray()
        for text in texts {
            separate()
            appendText(text)
        }
        closeArray()
    }

    mutating func member(named name: String, _ text: String) {
        separate()
        appendText(name)
        append(UInt8(ascii: ":"))
        appendText(text)
    }

    mutating func member(_ name: JSONKey, _ number: Int) {
        if key(name) { appendInteger(Int64(number)) }
    }
}
