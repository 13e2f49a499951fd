import Foundation

/// Text as people compare it: in lower case, without accents, with single spaces.
///
/// «Víctor  ÁLVAREZ» and «victor alvarez» fold to the same. Only the marks of Latin, Greek and Cyrillic letters are
/// dropped; in the scripts of India and Arabia marks are vowels, and names would fall together.
public struct FoldedText: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ original: String) {
        text = original.utf8.allSatisfy { $0 < 0x80 } ? Self.foldASCII(original) : Self.fold(original)
    }

    /// Text that was folded before, as a database keeps it.
    public init(alreadyFolded text: String) {
        self.text = text
    }

    public var isEmpty: Bool { text.isEmpty }
    public var description: String { text }

    private static func foldASCII(_ original: String) -> String {
        var folded: [UInt8] = []
        folded.reserveCapacity(original.utf8.count)
        for byte in original.utf8 {
            guard byte > 0x20, byte != 0x7F else {
                if let last = folded.last, last != 0x20 { folded.append(0x20) }
                continue
            }
            folded.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        if folded.last == 0x20 { folded.removeLast() }
        return String(decoding: folded, as: UTF8.self)
    }

    private static func fold(_ original: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in original.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if combiningMarks.contains(scalar.value) { continue }
            if let letters = lettersThatDoNotDecompose[scalar] {
                folded.append(contentsOf: letters.unicodeScalars)
            } else if scalar.properties.isWhitespace {
                if let last = folded.last, last != " " { folded.append(" ") }
            } else {
                folded.append(scalar)
            }
        }
        if folded.last == " " { folded.removeLast() }
        return String(folded)
    }

    private static let combiningMarks: ClosedRange<UInt32> = 0x300...0x36F

    private static let lettersThatDoNotDecompose: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t", "ς": "σ",
    ]
}
