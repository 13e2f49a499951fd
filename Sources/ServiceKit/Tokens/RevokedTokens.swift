/// Tokens that are refused though their time has not come: those of a subject that were issued up to an instant. One that does not
/// say when it was issued is refused with them.
struct RevokedTokens: Sendable {
    /// By subject, in seconds since 1970.
    private(set) var instants: [String: Double] = [:]

    func contains(subject: String, issuedAt: Double?) -> Bool {
        guard let instant = instants[subject] else { return false }
        return issuedAt.map { $0 <= instant } ?? true
    }

    /// - Parameter now: seconds since 1970.
    mutating func revoke(subject: String, at now: Double) {
        instants[subject] = max(instants[subject] ?? 0, now)
    }

    /// Forgets what was revoked so long ago that every token of then has expired.
    mutating func forget(before instant: Double) {
        instants = instants.filter { $0.value >= instant }
    }
}

extension RevokedTokens: Codable {
    private enum CodingKeys: String, CodingKey {
        case instants = "revoked"
    }
}
