/// The country in which telephone numbers without a country code are dialled, by its ISO 3166 code: `IN`.
public struct PhoneRegion: Hashable, Sendable, CustomStringConvertible {
    public let code: String
    let plan: NumberingPlan
    let internationalPrefixes: [String]

    /// Nil where no region has the code. It is in capital letters.
    public init?(_ code: String) {
        guard let plan = NumberingPlan.plan(ofRegion: code) else { return nil }
        self.init(code: code, plan: plan)
    }

    private init(code: String, plan: NumberingPlan) {
        self.code = code
        self.plan = plan
        internationalPrefixes = NumberingPlan.internationalPrefixes(of: code)
    }

    public var description: String { code }

    /// Where the hospital stands, unless a setting says otherwise.
    public static let india = PhoneRegion(
        code: "IN", plan: NumberingPlan(countryCode: "91", trunkPrefix: "0", longestNational: 10))
}
