/// Who calls: the verified subject and role of a token.
public struct Principal: Sendable, Hashable {
    /// The token's `sub`; a doctor's is his id.
    public let subject: String
    public let role: RoleSet

    public init(subject: String, role: RoleSet) {
        self.subject = subject
        self.role = role
    }
}

/// Roles as a set; the bit of a role is its number in `hms.api.v1.Role`.
public struct RoleSet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let reception = RoleSet(rawValue: 1 << 1)
    public static let doctor = RoleSet(rawValue: 1 << 2)
    public static let billing = RoleSet(rawValue: 1 << 3)
    public static let admin = RoleSet(rawValue: 1 << 4)
    public static let service = RoleSet(rawValue: 1 << 5)
    public static let anyone = RoleSet(rawValue: 1 << 6)
}
