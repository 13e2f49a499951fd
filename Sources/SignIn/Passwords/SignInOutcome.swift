/// What somebody signs in with.
public struct SignInAttempt: Sendable {
    public var name: String
    public var password: String
    /// Of his second factor; nil or empty where he has typed none.
    public var code: String?
    /// Where it comes from.
    public var address: String

    public init(name: String, password: String, code: String? = nil, address: String) {
        (self.name, self.password, self.code, self.address) = (name, password, code, address)
    }
}

/// What came of a try to sign in.
public enum SignInOutcome: Hashable, Sendable {
    case person(SignedInPerson)
    /// No such name, another password, another code, or a user who is let in no more: which of them is nobody's affair.
    case refused
    /// The password is right, and a code is wanted too. This counts as a wrong password until one comes.
    case codeWanted
    /// The password is right, and whoever has that role needs a second factor, which he has not.
    case secondFactorMissing
    /// Password and code are right, and whoever has that role can't be without a second factor.
    case secondFactorNeeded
    /// The password is right, and no code of an app can be checked, because the secret of his doesn't open. One on paper is taken.
    case secondFactorUnopened
    /// The password is right, was made for him by somebody else, and lets him choose his own.
    case passwordChangeRequired
    /// What he would choose can't be a password; why, as a sentence.
    case badPassword(String)
    /// Too many wrong passwords; so long it takes until one may be tried again.
    case wait(Duration)
    /// Too many try at once.
    case crowded
    /// What all shims have counted is not known.
    case unavailable
    /// The file of users can't be written, without which no code and no new password is taken.
    case unwritable
}
