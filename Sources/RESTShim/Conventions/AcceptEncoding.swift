/// What a client takes its answers in (RFC 9110, 12.5.3).
enum AcceptEncoding {
    /// Whether gzip is taken, and isn't liked less than the answer as it is. What can't be read is not taken.
    static func prefersGzip(_ field: String?) -> Bool {
        guard let field else { return false }
        var weights: [String: Int] = [:]
        for item in field.lowercased().split(separator: ",") {
            guard let (coding, weight) = read(item) else { continue }
            weights[coding == "x-gzip" ? "gzip" : coding] = weight
        }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        return gzip > 0 && gzip >= weights["identity"] ?? 0
    }

    /// `gzip;q=0.5`, the weight in thousandths.
    private static func read(_ item: Substring) -> (coding: String, weight: Int)? {
        let parts = item.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        guard let coding = parts.first, !coding.isEmpty, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return (String(coding), 1000) }
        guard parts[1].hasPrefix("q=") else { return nil }
        return weight(parts[1].dropFirst(2)).map { (String(coding), $0) }
    }

    /// `0.5`: at most three decimals, from 0 to 1.
    private static func weight(_ text: Substring) -> Int? {
        let digits = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits.first, whole == "0" || whole == "1" else { return nil }
        let decimals = digits.count > 1 ? digits[1] : ""
        guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let thousandths = Int(String(whole) + decimals + String(repeating: "0", count: 3 - decimals.utf8.count))
        return thousandths.flatMap { $0 <= 1000 ? $0 : nil }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
