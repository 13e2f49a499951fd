import ProtobufC

/// The simplest message: one text, personal like all that people write.
struct Note: Message {
    var text = ""

    init() {}

    init(_ text: String) {
        self.text = text
    }

    static let fullName = "test.Note"

    init(protobuf bytes: UnsafeRawBufferPointer) throws {
        text = String(decoding: bytes, as: UTF8.self)
    }

    func protobuf() -> [UInt8] {
        Array(text.utf8)
    }

    mutating func set(_ name: String, text: [String]) throws {
        self.text = text.joined()
    }

    func check(into violations: inout Violations) {}

    func writeJSON(to json: inout JSONWriter) {
        text.writeJSON(to: &json)
    }

    mutating func readJSON(from json: inout JSONReader) throws {
        try text.readJSON(from: &json)
    }

    var description: String { "Note(***)" }
}
