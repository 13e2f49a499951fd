public import ServiceKit

/// Who has signed in, and what he may do.
public struct SignedInPerson: Hashable, Sendable {
    /// By whose word it is he.
    enum Source: Hashable, Sendable {
        /// He knew the password of a user of this hospital's own, as that was then.
        case user(name: String, revision: Int)
        /// An identity provider has said so.
        case provider
    }

    /// What tokens of his name.
    public let subject: String
    public let role: CallerRole
    /// What he is called on a page.
    public let name: String
    let source: Source

    init(subject: String, role: CallerRole, name: String, source: Source) {
        self.subject = subject
        self.role = role
        self.name = name
        self.source = source
    }

    /// As what he has a password of this hospital's own; nil where a provider vouches for him.
    public var userName: String? {
        if case .user(let name, _) = source { name } else { nil }
    }

    /// Of the user that he was when he signed in.
    var revision: Int? {
        if case .user(_, let revision) = source { revision } else { nil }
    }

    public init(_ user: UserAccount) {
        self.init(subject: user.subject, role: user.role, name: user.name, source: .user(name: user.name, revision: user.revision))
    }

    /// Whether what that one does is done by this one.
    func isSame(as other: SignedInPerson) -> Bool { subject == other.subject && role == other.role }
}
