/// An address that can stand in a mail's envelope and header as it is: printable ASCII around one `@`, without anything
/// that would end it there.
struct MailAddress: Hashable, Sendable {
    let text: String

    /// Nil where the text is none. The contract's check of addresses is the stricter one; this is what keeps whatever is in
    /// the database from becoming a header or a command.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 254, bytes.allSatisfy({ 0x21...0x7E ~= $0 && !Self.delimiters.contains($0) }) else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.text = text
    }

    var domain: Substring { text.split(separator: "@").last ?? "" }

    private static let delimiters = Set("<>()[]\\,;:\"".utf8)
}
