import ProtobufJSON

/// The mailbox of RFC 5321 section 4.1.2: `local@domain`. ASCII, at most 254 characters, local part at most 64.
enum Mailbox {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")), 1...64 ~= at else { return false }
        return isLocalPart(bytes[..<at]) && isDomain(bytes[(at + 1)...])
    }

    private static func isLocalPart(_ local: ArraySlice<UInt8>) -> Bool {
        if local.first == UInt8(ascii: "\"") { return isQuoted(local) }
        return local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy(isAtomByte)
        }
    }

    private static func isAtomByte(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || atomMarks.contains(byte)
    }

    private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    /// `"john doe"`: printable characters, a backslash before quotes and backslashes.
    private static func isQuoted(_ local: ArraySlice<UInt8>) -> Bool {
        guard local.count >= 3, local.last == UInt8(ascii: "\"") else { return false }
        var isEscaped = false
        for byte in local.dropFirst().dropLast() {
            guard 0x20...0x7E ~= byte, isEscaped || byte != UInt8(ascii: "\"") else { return false }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return !isEscaped
    }

    private static func isDomain(_ domain: ArraySlice<UInt8>) -> Bool {
        if domain.first == UInt8(ascii: "[") { return isAddressLiteral(domain) }
        return domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard 1...63 ~= label.count, label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else { return false }
        return label.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`
    private static func isAddressLiteral(_ domain: ArraySlice<UInt8>) -> Bool {
        guard domain.last == UInt8(ascii: "]") else { return false }
        let address = domain.dropFirst().dropLast()
        if address.starts(with: "IPv6:".utf8) {
            let groups = address.dropFirst(5)
            return groups.count >= 2 && groups.contains(UInt8(ascii: ":"))
                && groups.allSatisfy { $0.hexValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        }
        let parts = address.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8(String(decoding: $0, as: UTF8.self)) != nil && $0.allSatisfy(\.isDigit) }
    }
}
