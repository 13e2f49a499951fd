import Dispatch
public import Logging
import ServiceKit
import Synchronization

/// What came of a try to sign in.
public enum SignInOutcome: Hashable, Sendable {
    case person(SignedInPerson)
    /// No such name, another password, or a user who is let in no more: which of them is nobody's affair.
    case refused
    /// Too many wrong passwords; so long it takes until one may be tried again.
    case wait(Duration)
    /// Too many try at once.
    case crowded
}

/// Where names and passwords are checked: one at a time, because each takes memory, and for as long whether there is such a name or not.
public final class PasswordDesk: Sendable {
    private let users: UserDirectory
    private let throttle: SignInThrottle
    private let logger: Logger
    /// What the password of somebody who isn't there is compared with.
    private let decoy: PasswordHash
    private let queue = DispatchQueue(label: "passwords")
    private let waiting = Atomic(0)
    /// When each user was last unlocked, as far as that was seen: as many as there are users.
    private let unlocked = Mutex<[String: Double]>([:])

    private let mostWaiting: Int

    /// - Parameter mostWaiting: the last of so many waits some seconds.
    /// - Throws: where the machine has no memory to check a password.
    public init(
        _ users: UserDirectory, throttle: SignInThrottle = SignInThrottle(), cost: ScryptCost = ScryptCost(), mostWaiting: Int = 32,
        logger: Logger
    ) throws {
        self.users = users
        self.throttle = throttle
        self.mostWaiting = mostWaiting
        self.logger = logger
        decoy = try PasswordHash(of: Sessions.secret(), cost: cost)
    }

    /// - Parameter address: where the try comes from.
    public func signIn(_ text: String, password: String, from address: String) async -> SignInOutcome {
        let name = UserAccount.name(text)
        // What can be no name shares the waits of all that can be none.
        let counted = name ?? ""
        let user = name.flatMap(users.user)
        if let user, let unlockedAt = user.unlockedAt { forgetOnce(user.name, unlockedAt) }
        // A place first: who finds none has tried nothing, and what was counted before stays.
        guard waiting.add(1, ordering: .relaxed).newValue <= mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            return .crowded
        }
        if let wait = throttle.wait(of: counted, from: address) {
            waiting.subtract(1, ordering: .relaxed)
            logger.warning("A sign-in has to wait: too many wrong passwords", metadata: ["address": "\(address)", "user": .of(user)])
            return .wait(wait)
        }
        let matches = await check(password, against: user?.password ?? decoy)
        guard let user, matches, !user.isDisabled else {
            logger.warning("A sign-in was refused", metadata: ["address": "\(address)", "user": .of(user)])
            return .refused
        }
        throttle.succeeded(counted, from: address)
        logger.notice("Signed in", metadata: ["address": "\(address)", "subject": "\(user.subject)", "role": "\(user.role.rawValue)"])
        return .person(SignedInPerson(user))
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

    /// An unlocking counts once, when it is first seen.
    private func forgetOnce(_ name: String, _ unlockedAt: Double) {
        let isNew = unlocked.withLock { $0.updateValue(unlockedAt, forKey: name) != unlockedAt }
        if isNew { throttle.forget(name) }
    }
}

extension Logger.MetadataValue {
    /// A name that is no user's may be a password that was typed in the wrong place.
    fileprivate static func of(_ user: UserAccount?) -> Logger.MetadataValue {
        .string(user?.name ?? "unknown")
    }
}
