import Foundation

/// Text as people compare it: in lower case, without accents and without what can't be seen, with single spaces.
///
/// «Víctor  ÁLVAREZ» and «victor alvarez» fold to the same. An apostrophe is `'` however it is written, and a dash is a
/// space: «D’Souza» is «D'Souza», «Mary-Jane» is «Mary Jane». Only the marks of Latin, Greek and Cyrillic letters are
/// dropped; in the scripts of India and Arabia marks are vowels, and names would fall together.
public struct FoldedText: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Rises with every change of what is folded to what, so that databases know which of their folded texts are old.
    public static let version = 2

    public init(_ original: String) {
        self.init(original, dash: " ")
    }

    /// Text in which dashes say something, as in a list: each is a hyphen.
    public init(keepingDashesOf original: String) {
        self.init(original, dash: "-")
    }

    /// Text that was folded before, as a database keeps it.
    public init(alreadyFolded text: String) {
        self.text = text
    }

    public var isEmpty: Bool { text.isEmpty }
    public var description: String { text }

    private init(_ original: String, dash: Unicode.Scalar) {
        text = original.utf8.allSatisfy { $0 < 0x80 } ? Self.foldASCII(original, dash: dash) : Self.fold(original, dash: dash)
    }

    private static func foldASCII(_ original: String, dash: Unicode.Scalar) -> String {
        var folded: [UInt8] = []
        folded.reserveCapacity(original.utf8.count)
        for byte in original.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
            case UInt8(ascii: "`"): folded.append(UInt8(ascii: "'"))
            case UInt8(ascii: "-") where dash == "-": folded.append(byte)
            case 0...0x20, 0x7F, UInt8(ascii: "-"): if let last = folded.last, last != 0x20 { folded.append(0x20) }
            default: folded.append(byte)
            }
        }
        if folded.last == 0x20 { folded.removeLast() }
        return String(decoding: folded, as: UTF8.self)
    }

    private static func fold(_ original: String, dash: Unicode.Scalar) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in withPlainApostrophes(original).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if combiningMarks.contains(scalar.value) || scalar.isInvisible { continue }
            let plain = scalar.isDashLike ? dash : scalar
            if let letters = lettersThatDoNotDecompose[plain] {
                folded.append(contentsOf: letters.unicodeScalars)
            } else if plain.properties.isWhitespace {
                if let last = folded.last, last != " " { folded.append(" ") }
            } else {
                folded.append(plain)
            }
        }
        if folded.last == " " { folded.removeLast() }
        return String(folded)
    }

    /// Before anything is decomposed, for an acute accent that stands alone would become a space.
    private static func withPlainApostrophes(_ original: String) -> String {
        guard original.unicodeScalars.contains(where: \.isApostrophe) else { return original }
        var plain = String.UnicodeScalarView()
        for scalar in original.unicodeScalars { plain.append(scalar.isApostrophe ? "'" : scalar) }
        return String(plain)
    }

    private static let combiningMarks: ClosedRange<UInt32> = 0x300...0x36F

    private static let lettersThatDoNotDecompose: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t", "ς": "σ",
    ]
}
