import Vocabulary

extension Money {
    /// `INR 525.00`, with as many decimals as the currency has (ISO 4217).
    var spoken: String {
        let decimals = currenciesWithoutDecimals.contains(currency) ? 0 : currenciesWithThreeDecimals.contains(currency) ? 3 : 2
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = "\(minorUnits < 0 ? "-" : "")\(padded.dropLast(decimals))"
        return "\(currency) \(whole)\(decimals > 0 ? ".\(padded.suffix(decimals))" : "")"
    }
}

private let currenciesWithoutDecimals: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
]

private let currenciesWithThreeDecimals: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
