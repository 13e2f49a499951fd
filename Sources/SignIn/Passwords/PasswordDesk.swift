import Dispatch
public import Logging
import ServiceKit
public import SharedCache
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
    /// What all shims have counted is not known.
    case unavailable
}

/// Where names and passwords are checked: one at a time, because each takes memory, and for as long whether there is such a name or not.
public final class PasswordDesk: Sendable {
    private let users: UserDirectory
    private let throttle: SignInThrottle
    /// Nil where no other shim counts.
    private let shared: SharedThrottle?
    private let logger: Logger
    /// What the password of somebody who isn't there is compared with.
    private let decoy: PasswordHash
    private let queue = DispatchQueue(label: "passwords")
    private let waiting = Atomic(0)

    private let mostWaiting: Int

    /// - Parameters:
    ///   - cache: in which all shims count together; nil: this process counts for itself.
    ///   - mostWaiting: the last of so many waits some seconds.
    /// - Throws: where the machine has no memory to check a password.
    public init(
        _ users: UserDirectory, throttle: SignInThrottle = SignInThrottle(), cache: SharedCache? = nil, cost: ScryptCost = ScryptCost(),
        mostWaiting: Int = 32, logger: Logger
    ) throws {
        self.users = users
        self.throttle = throttle
        shared = cache.map { SharedThrottle(rules: throttle.rules, cache: $0) }
        self.mostWaiting = mostWaiting
        self.logger = logger
        decoy = try PasswordHash(of: Sessions.secret(), cost: cost)
    }

    /// - Parameter address: where the try comes from.
    public func signIn(_ text: String, password: String, from address: String) async -> SignInOutcome {
        let name = UserAccount.name(text)
        let user = name.flatMap(users.user)
        let counted = Self.counted(name, user)
        // A place first: who finds none has tried nothing, and what was counted before stays.
        guard waiting.add(1, ordering: .relaxed).newValue <= mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            return .crowded
        }
        let wait: Duration?
        do {
            wait = try await shared?.wait(of: counted, from: address) ?? throttle.wait(of: counted, from: address)
        } catch {
            waiting.subtract(1, ordering: .relaxed)
            logger.error("Nobody can sign in", metadata: ["error": "\(error)"])
            return .unavailable
        }
        if let wait {
            waiting.subtract(1, ordering: .relaxed)
            logger.warning("A sign-in has to wait: too many wrong passwords", metadata: ["address": "\(address)", "user": .of(user)])
            return .wait(wait)
        }
        let matches = await check(password, against: user?.password ?? decoy)
        guard let user, matches, !user.isDisabled else {
            logger.warning("A sign-in was refused", metadata: ["address": "\(address)", "user": .of(user)])
            return .refused
        }
        await forget(counted, address)
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
