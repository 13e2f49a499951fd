import Dispatch
public import Logging
public import ServiceKit
public import SharedCache
import Synchronization

/// Where names and passwords are checked: one at a time, because each takes memory, and for as long whether there is such a name or not.
public final class PasswordDesk: Sendable {
    let users: UserDirectory
    private let throttle: SignInThrottle
    /// Nil where no other shim counts.
    private let shared: SharedThrottle?
    let logger: Logger
    /// What the password of somebody who isn't there is compared with.
    private let decoy: PasswordHash
    private let queue = DispatchQueue(label: "passwords")
    private let waiting = Atomic(0)

    private let mostWaiting: Int
    let rolesWithSecondFactor: Set<CallerRole>

    /// - Parameters:
    ///   - rolesWithSecondFactor: whose people are not let in by a password alone.
    ///   - cache: in which all shims count together; nil: this process counts for itself.
    ///   - mostWaiting: the last of so many waits some seconds.
    /// - Throws: where the machine has no memory to check a password.
    public init(
        _ users: UserDirectory, throttle: SignInThrottle = SignInThrottle(), cache: SharedCache? = nil, cost: ScryptCost = ScryptCost(),
        mostWaiting: Int = 32, rolesWithSecondFactor: Set<CallerRole> = [], logger: Logger
    ) throws {
        self.users = users
        self.throttle = throttle
        shared = cache.map { SharedThrottle(rules: throttle.rules, cache: $0) }
        self.mostWaiting = mostWaiting
        self.rolesWithSecondFactor = rolesWithSecondFactor
        self.logger = logger
        decoy = try PasswordHash(of: Sessions.secret(), cost: cost)
    }

    public func signIn(_ attempt: SignInAttempt) async -> SignInOutcome {
        await outcome(of: attempt) { user in
            guard user.oneTimeUntil == nil else { return .passwordChangeRequired }
            return .person(SignedInPerson(user))
        }
    }

    /// Somebody who knows his password chooses another one. That ends his sessions, and he is signed in.
    public func choosePassword(_ chosen: String, _ attempt: SignInAttempt) async -> SignInOutcome {
        if let sentence = PasswordPolicy.refusal(of: chosen, for: attempt.name) { return .badPassword(sentence) }
        guard chosen != attempt.password else { return .badPassword("That is the password that you have.") }
        return await outcome(of: attempt) { [self] user in
            let file = users.file
            let changed = try await onQueue {
                try file.choosePassword(of: user.name, PasswordHash(of: chosen, cost: file.cost), at: user.revision)
            }
            guard let changed else { return .refused }
            return .person(note(changed, "A password was chosen"))
        }
    }

    /// Ends a user's sessions, wherever he has left one; he proves that it is he, and is signed in anew.
    public func endSessions(_ attempt: SignInAttempt) async -> SignInOutcome {
        await outcome(of: attempt, isSignIn: false) { [self] user in
            let file = users.file
            guard let changed = try await onQueue({ try file.endSessions(of: user.name, at: user.revision) }) else { return .refused }
            return .person(note(changed, "Somebody has ended his sessions"))
        }
    }

    /// A user has changed something of his own: what he signs in with next is known at once.
    func note(_ changed: UserAccount, _ what: Logger.Message) -> SignedInPerson {
        _ = users.user(changed.name, since: changed.revision)
        logger.notice(what, metadata: ["subject": "\(changed.subject)"])
        return SignedInPerson(changed)
    }

    /// - Parameters:
    ///   - isSignIn: whether he is let in by it; else he is in, and proves once more that it is he.
    ///   - welcome: what becomes of a user who is himself.
    func outcome(of attempt: SignInAttempt, isSignIn: Bool = true, _ welcome: (UserAccount) async throws -> SignInOutcome) async
        -> SignInOutcome
    {
        let name = UserAccount.name(attempt.name)
        let user = name.flatMap(users.user)
        let counted = Self.counted(name, user)
        // A place first: who finds none has tried nothing, and what was counted before stays.
        guard waiting.add(1, ordering: .relaxed).newValue <= mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            return .crowded
        }
        if let refusal = await wait(counted, user, attempt.address) {
            waiting.subtract(1, ordering: .relaxed)
            return refusal
        }
        let matches = await check(attempt.password, against: user?.password ?? decoy)
        let metadata: Logger.Metadata = ["address": "\(attempt.address)", "user": .of(user)]
        guard let user, matches, !user.isDisabled, user.oneTimeUntil.map({ $0 > UserFile.now() }) ?? true else {
            logger.warning("A sign-in was refused", metadata: metadata)
            return .refused
        }
        do {
            if let refusal = try await secondFactorRefusal(of: user, attempt.code) {
                logger.warning("A sign-in was refused for its second factor", metadata: metadata)
                return refusal
            }
            let outcome = try await welcome(user)
            guard case .person(let person) = outcome else { return outcome }
            await forget(counted, attempt.address)
            logger.notice(
                isSignIn ? "Signed in" : "Somebody who is signed in has proved once more who he is",
                metadata: ["address": "\(attempt.address)", "subject": "\(person.subject)", "role": "\(person.role.rawValue)"])
            return isSignIn && needsSecondFactor(user) ? .secondFactorMissing : outcome
        } catch let error as FactorUnopened {
            logger.error(
                "A code can't be checked, because the secret of a second factor can't be opened",
                metadata: metadata.merging(["error": "\(error)"]) { $1 })
            return .secondFactorUnopened
        } catch {
            logger.error(
                "The users can't be written, so nobody signs in with a code or chooses a password", metadata: ["error": "\(error)"])
            return .unwritable
        }
    }

    /// Nil where the try may be made, which counts from now on as one that failed.
    private func wait(_ counted: String, _ user: UserAccount?, _ address: String) async -> SignInOutcome? {
        do {
            guard let wait = try await shared?.wait(of: counted, from: address) ?? throttle.wait(of: counted, from: address) else {
                return nil
            }
            logger.warning("A sign-in has to wait: too many wrong passwords", metadata: ["address": "\(address)", "user": .of(user)])
            return .wait(wait)
        } catch {
            logger.error("Nobody can sign in", metadata: ["error": "\(error)"])
            return .unavailable
        }
    }

    /// Nil where his second factor is proved, or he has none.
    private func secondFactorRefusal(of user: UserAccount, _ code: String?) async throws -> SignInOutcome? {
        guard user.secondFactor != nil else { return nil }
        guard let code, !code.isEmpty else { return .codeWanted }
        let file = users.file
        return try await onQueue { try file.takeCode(code, of: user.name) } ? nil : .refused
    }

    /// Whether he may not be let in by a password alone, which is all that he has.
    private func needsSecondFactor(_ user: UserAccount) -> Bool {
        user.secondFactor == nil && requiresSecondFactor(of: user.role)
    }

    /// What takes memory or writes is done one after the other, and keeps no thread of others.
    func onQueue<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: .init(catching: body)) }
        }
    }

    private func check(_ password: String, against hash: PasswordHash) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                let matches = isRight(password, hash)
                // The place is free before anybody hears of it.
                waiting.subtract(1, ordering: .relaxed)
                continuation.resume(returning: matches)
            }
        }
    }

    private func isRight(_ password: String, _ hash: PasswordHash) -> Bool {
        do {
            // A body has its limit already; this keeps folding cheap.
            return try hash.matches(password.utf8.count <= PasswordPolicy.mostBytes ? password : "\u{0}")
        } catch {
            logger.error("A password can't be checked", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Under what tries are counted: an operator who unlocks a name begins a new count of it, at every shim at once. What can be no name
    /// shares the waits of all that can be none.
    private static func counted(_ name: String?, _ user: UserAccount?) -> String {
        guard let unlockedAt = user?.unlockedAt else { return name ?? "" }
        return "\(name ?? "") \(unlockedAt)"
    }

    private func forget(_ counted: String, _ address: String) async {
        throttle.succeeded(counted, from: address)
        do {
            try await shared?.succeeded(counted, from: address)
        } catch {
            logger.warning("A sign-in counts as a wrong password", metadata: ["error": "\(error)"])
        }
    }
}

extension Logger.MetadataValue {
    /// A name that is no user's may be a password that was typed in the wrong place.
    fileprivate static func of(_ user: UserAccount?) -> Logger.MetadataValue {
        .string(user?.name ?? "unknown")
    }
}
