/// What was found out about tokens lately, at most `capacity` of them.
///
/// Two generations stand for the order of use: what is found in the old one moves to the young one, and when the young
/// one is full the old one is forgotten.
struct RecentFindings<Finding: Sendable>: Sendable {
    private struct Entry: Sendable {
        let finding: Finding
        let validUntil: Double
    }

    private let generationCapacity: Int
    private var young: [TokenDigest: Entry] = [:]
    private var old: [TokenDigest: Entry] = [:]

    init(capacity: Int) {
        generationCapacity = max(1, capacity / 2)
    }

    var count: Int { young.count + old.count }

    /// What was found out, where it still holds at `now`, in seconds since 1970.
    mutating func find(_ digest: TokenDigest, now: Double) -> Finding? {
        if let entry = young[digest] {
            return now < entry.validUntil ? entry.finding : nil
        }
        guard let entry = old.removeValue(forKey: digest), now < entry.validUntil else { return nil }
        insert(entry, for: digest)
        return entry.finding
    }

    /// Remembers a finding that holds until `validUntil`, in seconds since 1970.
    mutating func insert(_ finding: Finding, for digest: TokenDigest, until validUntil: Double) {
        insert(Entry(finding: finding, validUntil: validUntil), for: digest)
    }

    private mutating func insert(_ entry: Entry, for digest: TokenDigest) {
        if young.count >= generationCapacity, young[digest] == nil {
            old = young
            young = [:]
        }
        young[digest] = entry
    }
}
