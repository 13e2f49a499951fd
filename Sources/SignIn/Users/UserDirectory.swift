public import Logging
import ServiceKit
import Synchronization

/// The users as their file has them now. It is looked at once a second at most; where it can't be read, the last good ones hold.
public final class UserDirectory: Sendable {
    private struct State {
        var users: [String: UserAccount] = [:]
        var stamp: FileStamp?
        var lookAgainAt: ContinuousClock.Instant?
        var saidAt: ContinuousClock.Instant?
    }

    let file: UserFile
    /// How often it is said that secrets are not kept as they should be.
    private static let pause: Duration = .seconds(600)
    private let logger: Logger
    private let state = Mutex(State())

    public init(_ file: UserFile, logger: Logger) {
        self.file = file
        self.logger = logger
    }

    /// Nil where there is no such user.
    public func user(_ text: String) -> UserAccount? {
        guard let name = UserAccount.name(text) else { return nil }
        return look { $0[name] }
    }

    /// The same where he has been changed so often at least: then the file is looked at if that isn't known yet.
    func user(_ text: String, since revision: Int) -> UserAccount? {
        if let user = user(text), user.revision >= revision { return user }
        state.withLock { $0.lookAgainAt = nil }
        return user(text)
    }

    /// Whether anybody can sign in with a password.
    public var isEmpty: Bool { look { $0.isEmpty } }

    private func look<Result: Sendable>(_ body: ([String: UserAccount]) -> Result) -> Result {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.lookAgainAt.map({ now >= $0 }) ?? true {
                state.lookAgainAt = now + .seconds(1)
                readAgain(&state)
            }
            return body(state.users)
        }
    }

    private func readAgain(_ state: inout State) {
        let current = FileStamp(path: file.path)
        guard state.stamp == nil || current != state.stamp else { return }
        let settled = FileStamp.settled(path: file.path)
        do {
            let content = try file.readContent()
            state.users = Dictionary(content.users.map { ($0.name, $0) }) { first, _ in first }
            state.stamp = settled
            lookAtSecrets(of: content, &state)
        } catch {
            logger.error("The users can't be read; those of before hold", metadata: ["error": "\(error)"])
        }
    }

    private func lookAtSecrets(of content: UserFile.Content, _ state: inout State) {
        let now = ContinuousClock.now
        guard state.saidAt.map({ now - $0 >= Self.pause }) ?? true,
            let trouble = file.secrets.trouble(with: content.users, isSealing: content.isSealing)
        else { return }
        state.saidAt = now
        if trouble.unopened > 0 {
            logger.error(
                "Secrets of second factors can't be opened, so no codes of an app are taken for them",
                metadata: ["users": "\(trouble.unopened)", "error": "\(trouble.reason)"])
        }
        if trouble.inTheOpen > 0 {
            logger.warning(
                "Secrets of second factors are kept as they are, because there is no key to seal them",
                metadata: ["users": "\(trouble.inTheOpen)"])
        }
    }
}
