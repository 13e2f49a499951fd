import PlainText

/// What an amount in a file is counted in.
public enum MoneyUnit: String, CaseIterable, Sendable {
    /// Rupees, dollars: `2.50`.
    case major
    /// Paise, cents: `250`.
    case minor
}

/// How amounts of money are written, and what of.
public struct MoneyText: Hashable, Sendable {
    public let unit: MoneyUnit
    /// ISO 4217.
    public let currency: String
    /// What stands before the decimals: a point or a comma. The other one separates thousands.
    public let decimalSeparator: Character

    public init(unit: MoneyUnit, currency: String, decimalSeparator: Character = ".") {
        self.unit = unit
        self.currency = currency
        self.decimalSeparator = decimalSeparator
    }

    /// How many digits the minor units of a currency have (ISO 4217).
    public static func minorDigits(of currency: String) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF": 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        case "CLF", "UYW": 4
        default: 2
        }
    }

    /// The amount in minor units, every digit of it. What could mean two amounts is refused.
    func minorUnits(_ text: String) throws(ValueProblem) -> Int64 {
        let bare = try withoutCurrency(text.trimmingSpaces)
        let parts = bare.split(separator: decimalSeparator, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { throw ValueProblem("has two decimal separators") }
        let decimals = parts.count == 2 ? String(parts[1]) : nil
        if let decimals { try check(decimals: decimals) }
        let digits = try ungrouped(String(whole), isAlone: decimals == nil)
        return try counted(digits, decimals: decimals ?? "")
    }

    private func check(decimals: String) throws(ValueProblem) {
        guard !decimals.contains(thousandsSeparator) else { throw otherWay }
        guard !decimals.isEmpty, decimals.utf8.allSatisfy(\.isDigit) else { throw noAmount }
    }

    private func counted(_ whole: String, decimals: String) throws(ValueProblem) -> Int64 {
        let places = unit == .major ? Self.minorDigits(of: currency) : 0
        guard decimals.utf8.count <= places else {
            let allowed = unit == .minor ? "minor units have none" : places == 0 ? "\(currency) has none" : "\(currency) has \(places)"
            throw ValueProblem("has \(decimals.utf8.count) decimals, but \(allowed)")
        }
        let padded = decimals + String(repeating: "0", count: places - decimals.utf8.count)
        guard let amount = Int64(whole + padded) else { throw ValueProblem("is larger than any amount of money here") }
        return amount
    }

    private var noAmount: ValueProblem { ValueProblem("is no amount of money") }

    private var otherWay: ValueProblem {
        ValueProblem(
            "is an amount in which “\(decimalSeparator)” stands before no decimals: where “\(thousandsSeparator)” does, "
                + "say --decimal-separator \(thousandsSeparator)")
    }

    private var thousandsSeparator: Character { decimalSeparator == "." ? "," : "." }
}

/// Thousands.
extension MoneyText {
    /// The digits without the separators between thousands: `1,250`, `1'250`, `1 250`, and as in India `1,25,000`.
    private func ungrouped(_ whole: String, isAlone: Bool) throws(ValueProblem) -> String {
        let separators = Set(whole.unicodeScalars.filter { !("0"..."9").contains($0) })
        guard let separator = separators.first else {
            guard !whole.isEmpty else { throw noAmount }
            return whole
        }
        let isUsual = String(separator) == String(thousandsSeparator)
        guard separators.count == 1, isUsual || ["'", "\u{2019}", " ", "\u{A0}", "\u{202F}", "\u{2009}"].contains(separator) else {
            throw noAmount
        }
        let groups = whole.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false)
            .map { String(String.UnicodeScalarView($0)) }
        try check(groups, isAlone: isAlone && isUsual)
        return groups.joined()
    }

    /// - Parameter couldBeDecimals: whether the last group might be the decimals of somebody who writes them the other way.
    private func check(_ groups: [String], isAlone couldBeDecimals: Bool) throws(ValueProblem) {
        let sizes = groups.map(\.utf8.count)
        guard let first = sizes.first, let last = sizes.last, (1...3).contains(first), last == 3,
            sizes.dropFirst().dropLast().allSatisfy({ $0 == 2 }) || sizes.dropFirst().allSatisfy({ $0 == 3 })
        else { throw otherWay }
        // A currency with three decimals can be written `1,250` either way.
        if couldBeDecimals, groups.count == 2, unit == .major, Self.minorDigits(of: currency) == 3 {
            throw ValueProblem("could mean two amounts: write it without a separator of thousands")
        }
    }
}

/// Signs and codes of currencies.
extension MoneyText {
    private static let signs: [(sign: String, currencies: Set<String>)] = [
        ("₹", ["INR"]), ("Rs.", rupees), ("Rs", rupees), ("€", ["EUR"]), ("£", ["GBP", "EGP", "LBP", "SYP", "GIP", "FKP", "SHP", "SDG"]),
        ("¥", ["JPY", "CNY"]), ("₩", ["KRW", "KPW"]), ("₽", ["RUB"]), ("₺", ["TRY"]), ("₪", ["ILS"]), ("₦", ["NGN"]), ("₱", ["PHP"]),
        ("฿", ["THB"]), ("₫", ["VND"]), ("₴", ["UAH"]), ("৳", ["BDT"]), ("R$", ["BRL"]), ("US$", ["USD"]), ("A$", ["AUD"]), ("C$", ["CAD"]),
        (
            "$",
            [
                "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "BSD", "BZD", "FJD", "GYD", "JMD",
                "LRD",
                "NAD", "SBD", "SRD", "TTD", "XCD",
            ]
        ),
    ]
    private static let rupees: Set<String> = ["INR", "PKR", "LKR", "NPR", "MUR", "SCR"]

    /// The text without the sign or the code of the currency, which must be the hospital's.
    private func withoutCurrency(_ text: String) throws(ValueProblem) -> String {
        guard !text.hasPrefix("-"), !text.hasPrefix("\u{2212}"), !text.hasPrefix("(") else {
            throw ValueProblem("is a negative amount")
        }
        for (sign, currencies) in Self.signs {
            guard let rest = Self.cut(sign, off: text) else { continue }
            guard currencies.contains(currency) else { throw ValueProblem("is in \(sign), but the hospital counts in \(currency)") }
            return rest
        }
        return try withoutCode(text)
    }

    private func withoutCode(_ text: String) throws(ValueProblem) -> String {
        let letters = text.filter { $0.isLetter }
        guard !letters.isEmpty else { return text }
        guard letters.count == 3, letters.utf8.allSatisfy(\.isLetter), let rest = Self.cut(letters, off: text) else { throw noAmount }
        guard letters.uppercased() == currency else {
            throw ValueProblem("is in \(letters.uppercased()), but the hospital counts in \(currency)")
        }
        return rest
    }

    private static func cut(_ mark: String, off text: String) -> String? {
        if text.hasPrefix(mark) { return text.dropFirst(mark.count).trimmingSpaces }
        if text.hasSuffix(mark) { return text.dropLast(mark.count).trimmingSpaces }
        return nil
    }
}
