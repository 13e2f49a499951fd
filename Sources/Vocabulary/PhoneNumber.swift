/// A telephone number as it is compared: `+44 20 7946 0018`, `0044 (0)20 7946-0018` and, in Britain, `020 7946 0018` are one.
public struct PhoneNumber: Hashable, Sendable {
    /// Rises with every change of how numbers are compared.
    public static let version = 1

    /// Country code and national number (E.164 without the plus); where it can't be told what they are, every digit in order.
    public let digits: String

    public init(_ text: String, in region: PhoneRegion) {
        let dialled = DialledDigits(text, in: region)
        digits = dialled.international.map(Self.international) ?? Self.national(dialled.all, in: region)
    }

    /// From the last digit to the first, so that numbers with the same end stand together.
    public var reversed: String { String(digits.reversed()) }

    private static func international(_ digits: Substring) -> String {
        guard let plan = NumberingPlan.plan(of: digits) else { return String(digits) }
        return plan.countryCode + plan.withoutTrunkPrefix(digits.dropFirst(plan.countryCode.count))
    }

    private static func national(_ digits: Substring, in region: PhoneRegion) -> String {
        let plan = region.plan
        let national = plan.withoutTrunkPrefix(digits)
        if national.count <= plan.longestNational { return plan.countryCode + national }
        // Too long for the country: with its country code, but without the plus, or from somewhere else.
        guard digits.hasPrefix(plan.countryCode) else { return String(digits) }
        let rest = plan.withoutTrunkPrefix(digits.dropFirst(plan.countryCode.count))
        return rest.count <= plan.longestNational ? plan.countryCode + rest : String(digits)
    }
}

/// The end of a telephone number, or all of it: what is looked for.
public struct PhoneEnding: Hashable, Sendable {
    /// Fewer digits than this would find too many.
    public static let fewestDigits = 4

    private let digits: String
    private let isWhole: Bool

    /// Nil where the text has fewer than four digits: nobody has such a number.
    public init?(_ text: String, in region: PhoneRegion) {
        let dialled = DialledDigits(text, in: region)
        guard dialled.all.count >= Self.fewestDigits else { return nil }
        isWhole = dialled.international != nil
        digits = isWhole ? PhoneNumber(text, in: region).digits : Self.withoutPrefixes(dialled.all, region)
    }

    /// Which ``PhoneNumber/reversed`` numbers end so, half-open.
    public var reversedRange: Range<String> {
        let start = String(digits.reversed())
        return start..<(start + (isWhole ? "!" : ":"))
    }

    /// What is dialled before a national number, here or in any other country, is no end of it. Too few digits to be a whole
    /// number have none before them.
    private static func withoutPrefixes(_ digits: Substring, _ region: PhoneRegion) -> String {
        guard digits.count >= DialledDigits.fewestOfNumber else { return String(digits) }
        let national = region.plan.withoutTrunkPrefix(digits)
        return String(national == digits && digits.hasPrefix("0") ? digits.dropFirst() : national)
    }
}

/// The digits of a text, and which of them begin with a country code.
private struct DialledDigits {
    /// The shortest numbers that people have.
    static let fewestOfNumber = 7

    let all: Substring
    /// From the country code on, where the text has a plus or an international prefix before it.
    let international: Substring?

    init(_ text: String, in region: PhoneRegion) {
        all = text.unicodeScalars.compactMap(\.decimalDigit).reduce(into: "") { $0 += String($1) }[...]
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace && !$0.isInvisible && $0 != "(" }
        if first == "+" || first == "\u{FF0B}" {
            international = all
        } else {
            let fewest = Self.fewestOfNumber
            international = region.internationalPrefixes.lazy
                .compactMap { [all] in all.hasPrefix($0) ? all.dropFirst($0.count) : nil }
                .first { $0.count > fewest && NumberingPlan.plan(of: $0) != nil }
        }
    }
}

extension Unicode.Scalar {
    /// The value of a decimal digit of any script.
    fileprivate var decimalDigit: Int? {
        properties.numericType == .decimal ? properties.numericValue.map { Int($0) } : nil
    }
}
