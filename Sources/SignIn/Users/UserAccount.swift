public import ServiceKit

/// Somebody who signs in with a password of this hospital's own.
public struct UserAccount: Codable, Hashable, Sendable {
    /// In lower-case letters.
    public let name: String
    public internal(set) var role: CallerRole
    /// Whom tokens of his name: a doctor's is his `doctor_id`.
    public internal(set) var subject: String
    public internal(set) var isDisabled: Bool
    var password: PasswordHash
    /// Rises with every change after which he has to sign in anew.
    var revision: Int
    /// What was tried before counts for nothing, in seconds since 1970.
    public internal(set) var unlockedAt: Double?
    /// His password was made for him: it is good until then, in seconds since 1970, and for nothing but choosing his own.
    public internal(set) var oneTimeUntil: Double?
    /// Nil where he has a password alone.
    public internal(set) var secondFactor: SecondFactor?

    private enum CodingKeys: String, CodingKey {
        case name, role, subject
        case isDisabled = "disabled"
        case password, revision
        case unlockedAt = "unlocked_at"
        case oneTimeUntil = "one_time_until"
        case secondFactor = "second_factor"
    }

    /// The name as it is kept; nil where it can be none: 1 to 64 letters, digits and `. _ @ -`, in either case.
    public static func name(_ text: String) -> String? {
        let name = text.lowercased()
        let isAllowed = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "._@-".utf8.contains(byte)
        }
        return isAllowed && (1...64).contains(name.utf8.count) ? name : nil
    }

    /// Whether a file that holds it is one of ours.
    var isReasonable: Bool {
        Self.name(name) == name && role != .service && (1...255).contains(subject.utf8.count) && password.isReasonable
            && secondFactor?.isReasonable ?? true
    }
}
