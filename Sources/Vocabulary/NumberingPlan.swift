/// How the telephone numbers of one country are made: its country code and what is dialled before its national numbers.
struct NumberingPlan: Hashable, Sendable {
    /// `44`
    let countryCode: String
    /// Dialled within the country before a national number, and no part of it: `0`. Empty where there is none.
    let trunkPrefix: String
    /// How many digits a national number has at most.
    let longestNational: Int

    /// The plan with whose country code digits begin. No country code is the beginning of another.
    static func plan(of digits: Substring) -> NumberingPlan? {
        (1...3).lazy.compactMap { byCode[String(digits.prefix($0))] }.first
    }

    static func plan(ofRegion code: String) -> NumberingPlan? { byRegion[code] }

    /// What is dialled in a region for `+`, the longest first.
    static func internationalPrefixes(of region: String) -> [String] {
        if byRegion[region]?.countryCode == "1" { return ["011", "00"] }
        return (internationalPrefixes.filter { $0.regions.contains(region) }.map(\.prefix) + ["00"]).sorted { $0.count > $1.count }
    }

    private static let lines: [(plan: NumberingPlan, regions: [String])] = table.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        guard words.count > 3, let longest = Int(words[2]) else { return nil }
        let plan = NumberingPlan(countryCode: words[0], trunkPrefix: words[1] == "-" ? "" : words[1], longestNational: longest)
        return (plan, Array(words[3...]))
    }

    private static let byRegion: [String: NumberingPlan] = lines.reduce(into: [:]) { plans, line in
        for region in line.regions { plans[region] = line.plan }
    }

    private static let byCode: [String: NumberingPlan] = {
        let longestOfAll = 15
        var plans: [String: NumberingPlan] = codesWithoutRegion.reduce(into: [:]) { plans, code in
            plans[code] = NumberingPlan(countryCode: code, trunkPrefix: "", longestNational: longestOfAll - code.count)
        }
        for line in lines { plans[line.plan.countryCode] = line.plan }
        return plans
    }()
}

extension NumberingPlan {
    /// Digits without the national prefix, where they begin with it: one of another digit than 0 can be a number's own, and
    /// is taken for the prefix only where the number were too long with it.
    func withoutTrunkPrefix(_ digits: Substring) -> Substring {
        guard !trunkPrefix.isEmpty, digits.hasPrefix(trunkPrefix), digits.count > trunkPrefix.count else { return digits }
        return trunkPrefix.hasPrefix("0") || digits.count > longestNational ? digits.dropFirst(trunkPrefix.count) : digits
    }
}
