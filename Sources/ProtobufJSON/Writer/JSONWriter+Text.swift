extension JSONWriter {
    /// Writes a text in quotes, escaping what JSON asks for.
    public mutating func appendText(_ text: String) {
        let written: Void? = text.utf8.withContiguousStorageIfAvailable { appendQuoted($0) }
        guard written == nil else { return }
        var contiguous = text
        contiguous.withUTF8 { appendQuoted($0) }
    }

    /// Writes UTF-8 in quotes. Runs that need no escape are copied whole.
    mutating func appendQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var rest = text[...]
        while true {
            let plain = ByteScan.plainPrefix(of: UnsafeBufferPointer(rebasing: rest))
            append(UnsafeBufferPointer(rebasing: rest.prefix(plain)))
            rest = rest.dropFirst(plain)
            guard let special = rest.popFirst() else { break }
            appendEscape(special)
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 0x0F))
        }
    }

    private func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    /// Writes bytes as base64 with padding.
    public mutating func appendBase64(_ bytes: [UInt8]) {
        append(UInt8(ascii: "\""))
        append(atMost: Base64.encodedCount(bytes.count)) { Base64.encode(bytes, into: $0) }
        append(UInt8(ascii: "\""))
    }

    /// Writes an enum's value by name, or by number where the contract has no name for it.
    mutating func appendEnum(_ number: Int32, _ names: EnumNames) {
        guard let entry = names.entry(of: number) else { return appendInteger(Int64(number)) }
        append(UInt8(ascii: "\""))
        append(options.shortensEnumNames ? entry.short : entry.full)
        append(UInt8(ascii: "\""))
    }
}
