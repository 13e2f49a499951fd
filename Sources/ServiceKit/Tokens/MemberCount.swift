import FoundationEssentials

/// The members of a JSON object. A name that stands there twice means the first to one reader and the last to another, so a token
/// that has one is refused (RFC 7519, 4).
struct MemberCount: Decodable {
    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    /// How many different names there are.
    private let names: Int

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: AnyName.self).allKeys.count
    }

    /// Whether each member of the object has a name of its own; what lies in the values is not looked at.
    static func isEachOnce(in object: [UInt8]) -> Bool {
        guard let names = try? JSONDecoder().decode(MemberCount.self, from: Data(object)).names else { return false }
        return names == colons(in: object)
    }

    /// Colons between names and values at the outermost level of what is known to be JSON.
    private static func colons(in object: [UInt8]) -> Int {
        var (depth, colons, isInText, isEscaped) = (0, 0, false, false)
        for byte in object {
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: colons += 1
            default: break
            }
        }
        return colons
    }
}
