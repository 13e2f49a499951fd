import Logging
public import ServiceKit

/// What came of a code for a secret that was offered.
public enum SecondFactorOutcome: Hashable, Sendable {
    /// It is asked for from now on. His sessions have ended; he is who he is now, and these codes are for paper.
    case on(SignedInPerson, recoveryCodes: [String])
    case wrongCode
    /// What was offered is not good any more: he has changed meanwhile.
    case outdated
    case unwritable
}

/// What people do about their own second factor.
extension PasswordDesk {
    /// Whether those people are let in by no password alone.
    public func requiresSecondFactor(of role: CallerRole) -> Bool { rolesWithSecondFactor.contains(role) }

    /// The codes on paper that a user has left; nil where he has no second factor, or is none.
    public func recoveryCodesLeft(of person: SignedInPerson) -> Int? {
        person.userName.flatMap { users.user($0, since: person.revision ?? 0) }?.secondFactor?.recoveryCodesLeft
    }

    /// Somebody who is signed in proves once more who he is, before something grave. It counts as a try to sign in.
    public func prove(_ attempt: SignInAttempt) async -> SignInOutcome {
        await outcome(of: attempt, isSignIn: false) { user in
            guard user.oneTimeUntil == nil else { return .passwordChangeRequired }
            return .person(SignedInPerson(user))
        }
    }

    /// Turns a user's second factor on, or puts another in its place, once a code proves that his app has the secret. His sessions end.
    public func turnOnSecondFactor(_ offer: SecondFactorOffer, code: String, of person: SignedInPerson) async -> SecondFactorOutcome {
        guard let name = person.userName, let revision = person.revision else { return .outdated }
        let (made, codes) = SecondFactor.make(offer.secret)
        var factor = made
        guard factor.take(code, at: UserFile.now(), with: offer.secret) else { return .wrongCode }
        do {
            let (file, proved) = (users.file, factor)
            guard let changed = try await onQueue({ try file.setSecondFactor(proved, of: name, at: revision) }) else { return .outdated }
            return .on(note(changed, "A second factor was turned on"), recoveryCodes: codes)
        } catch {
            logger.error("The users can't be written, so nobody turns a second factor on", metadata: ["error": "\(error)"])
            return .unwritable
        }
    }

    /// Takes a user's second factor away; his password and a code prove that it is he. His sessions end.
    public func turnOffSecondFactor(_ attempt: SignInAttempt) async -> SignInOutcome {
        await outcome(of: attempt, isSignIn: false) { [self] user in
            guard !requiresSecondFactor(of: user.role) else { return .secondFactorNeeded }
            let file = users.file
            guard let changed = try await onQueue({ try file.setSecondFactor(nil, of: user.name, at: user.revision) }) else {
                return .refused
            }
            return .person(note(changed, "A second factor was turned off"))
        }
    }
}
