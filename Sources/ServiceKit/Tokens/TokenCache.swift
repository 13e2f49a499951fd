import RPC

/// Tokens that were looked at lately under one set of keys, and what came of it. Those that were refused have a place of
/// their own: however many of them come, none that was accepted is forgotten for them.
struct TokenCache: Sendable {
    /// How long a refusal is remembered, in seconds: a clock that was wrong is put right.
    private static let refusalLifetime = 60.0

    private let capacity: Int
    private var accepted: RecentFindings<VerifiedToken>
    private var refused: RecentFindings<TokenRefusal>

    init(capacity: Int) {
        self.capacity = capacity
        accepted = RecentFindings(capacity: capacity)
        refused = RecentFindings(capacity: capacity)
    }

    var acceptedCount: Int { accepted.count }
    var refusedCount: Int { refused.count }

    /// What came of the token when it was looked at; nil where that is not known, or may have changed by `now`, in seconds
    /// since 1970.
    mutating func outcome(of digest: TokenDigest, now: Double) -> Result<VerifiedToken, TokenRefusal>? {
        if let token = accepted.find(digest, now: now) { return .success(token) }
        return refused.find(digest, now: now).map(Result.failure)
    }

    mutating func remember(_ outcome: Result<VerifiedToken, TokenRefusal>, of digest: TokenDigest, now: Double) {
        switch outcome {
        case .success(let token): accepted.insert(token, for: digest, until: token.validUntil)
        case .failure(let refusal) where refusal.isWorthRemembering:
            refused.insert(refusal, for: digest, until: now + Self.refusalLifetime)
        case .failure: break
        }
    }

    /// Other keys hold from now on.
    mutating func forgetAll() {
        self = TokenCache(capacity: capacity)
    }
}
