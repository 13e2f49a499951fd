import Crypto

/// The name under which a token is remembered: its SHA-256, so that no tokens lie about in memory.
struct TokenDigest: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    init(_ token: String) {
        var token = token
        let digest = token.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }
}

/// Tokens that were verified lately, at most `capacity` of them.
///
/// Two generations stand for the order of use: what is found in the old one moves to the young one, and when the young
/// one is full the old one is forgotten.
struct TokenCache {
    private let generationCapacity: Int
    private var young: [TokenDigest: VerifiedToken] = [:]
    private var old: [TokenDigest: VerifiedToken] = [:]

    init(capacity: Int) {
        generationCapacity = max(1, capacity / 2)
    }

    var count: Int { young.count + old.count }

    /// The token, where it is remembered and still valid at `now`, in seconds since 1970.
    mutating func find(_ digest: TokenDigest, now: Double) -> VerifiedToken? {
        if let token = young[digest] {
            return now < token.validUntil ? token : nil
        }
        guard let token = old.removeValue(forKey: digest), now < token.validUntil else { return nil }
        insert(token, for: digest)
        return token
    }

    mutating func insert(_ token: VerifiedToken, for digest: TokenDigest) {
        if young.count >= generationCapacity, young[digest] == nil {
            old = young
            young = [:]
        }
        young[digest] = token
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
