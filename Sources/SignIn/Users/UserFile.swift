import Foundation
public import ServiceKit

/// Why a change of the users is refused.
public enum UserRefusal: Error, Hashable, CustomStringConvertible {
    case exists(String)
    case unknown(String)
    case badName(String)
    case badPassword(String)
    case doctorWithoutID

    public var description: String {
        switch self {
        case .exists(let name): "There is a user \(name) already."
        case .unknown(let name): "There is no user \(name)."
        case .badName(let name): "“\(name)” can't be a name: it has 1 to 64 letters, digits and . _ @ -"
        case .badPassword(let sentence): sentence
        case .doctorWithoutID: "A doctor signs in as the doctor that he is: --doctor-id names him."
        }
    }
}

/// The hospital's own users, in a file that the command writes and the REST shim reads. No file is as good as an empty one.
///
/// The secrets of second factors are closed in it, each for its user, whenever it is written. In one that comes from a version which reads
/// none that are closed they stay open for a day, so that it may run beside this one, or be gone back to.
public struct UserFile: Sendable {
    struct Content: Codable {
        var users: [UserAccount] = []
        /// From when secrets are closed, in seconds since 1970; nil where a version has written it that closes none.
        var sealsFrom: Double?

        private enum CodingKeys: String, CodingKey {
            case users
            case sealsFrom = "seals_from"
        }

        /// Whether secrets are to be closed by now.
        var isSealing: Bool { sealsFrom.map { $0 <= UserFile.now() } ?? false }
    }

    public let path: String
    let cost: ScryptCost
    let secrets: FactorSecrets

    private static let limitBytes = 16 << 20

    /// Over a weekend.
    private static let oneTimeSeconds = 72.0 * 3_600

    /// How long a version that reads no closed secrets may run beside this one.
    static let graceSeconds = 24.0 * 3_600

    /// Until whoever is handed a new key has it.
    private static let settling: Duration = .seconds(300)

    /// - Parameters:
    ///   - seal: closes the secrets of second factors; nil: they stay as they are.
    ///   - cost: of passwords that are set from now on.
    public init(_ path: String, seal: SecretSeal? = nil, cost: ScryptCost = ScryptCost()) {
        self.path = path
        self.cost = cost
        secrets = FactorSecrets(seal: seal)
    }

    public init(_ configuration: SignInConfiguration, cost: ScryptCost = ScryptCost()) {
        let keys = SealingKeyFile(configuration.identity.sealingKeyFile)
        self.init(configuration.usersFile, seal: SecretSeal(keys, settling: Self.settling), cost: cost)
    }

    /// - Throws: ``FileError`` where the file can't be read, or holds no users of ours.
    public func read() throws -> [UserAccount] { try readContent().users }

    func readContent() throws -> Content {
        guard FileStamp(path: path) != nil else { return Content() }
        let bytes = try LocalFile.read(path, atMost: Self.limitBytes)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.users.allSatisfy(\.isReasonable) else {
            throw FileError(path, "is no list of users")
        }
        return content
    }

    /// - Parameter doctorID: who a doctor is.
    /// - Throws: ``UserRefusal``, ``FileError``.
    public func add(_ text: String, role: CallerRole, doctorID: String?, password: String) throws {
        guard let name = UserAccount.name(text), role != .service else { throw UserRefusal.badName(text) }
        guard role != .doctor || doctorID != nil else { throw UserRefusal.doctorWithoutID }
        let hash = try hash(of: password, for: name)
        try change { content in
            guard !content.users.contains(where: { $0.name == name }) else { throw UserRefusal.exists(name) }
            content.users.append(
                UserAccount(
                    name: name, role: role, subject: doctorID ?? name, isDisabled: false, password: hash, revision: 1))
        }
    }

    /// Adds a user who chooses his password at his first sign-in.
    ///
    /// - Returns: what he signs in with once.
    /// - Throws: ``UserRefusal``, ``FileError``.
    public func addWithOneTimePassword(_ text: String, role: CallerRole, doctorID: String?) throws -> String {
        // Nobody knows this one.
        try add(text, role: role, doctorID: doctorID, password: Sessions.secret())
        return try setOneTimePassword(of: text)
    }

    /// Gives a user a new password, and ends his sessions.
    public func setPassword(of text: String, _ password: String) throws {
        let hash = try hash(of: password, for: UserAccount.name(text) ?? text)
        try change(text) { user in
            user.password = hash
            user.oneTimeUntil = nil
            user.revision += 1
        }
    }

    /// Gives a user a password that he uses once, to choose his own, and ends his sessions.
    ///
    /// - Returns: the password; nothing of it is kept but a hash.
    public func setOneTimePassword(of text: String) throws -> String {
        let password = ReadableSecret.make()
        let hash = try PasswordHash(of: password, cost: cost)
        let end = Self.now() + Self.oneTimeSeconds
        try change(text) { user in
            user.password = hash
            user.oneTimeUntil = end
            user.revision += 1
        }
        return password
    }

    /// A user has chosen a password himself: his other sessions end.
    ///
    /// - Parameter revision: of the account whose old password he knew.
    /// - Returns: the account as it is then; nil where it has changed meanwhile.
    func choosePassword(of name: String, _ hash: PasswordHash, at revision: Int) throws -> UserAccount? {
        try change(name, at: revision) { user in
            user.password = hash
            user.oneTimeUntil = nil
        }
    }

    /// The same of his second factor; nil takes it away.
    func setSecondFactor(_ factor: SecondFactor?, of name: String, at revision: Int) throws -> UserAccount? {
        try change(name, at: revision) { $0.secondFactor = factor }
    }

    /// All sessions of a user end, and nothing else changes.
    func endSessions(of name: String, at revision: Int) throws -> UserAccount? {
        try change(name, at: revision) { _ in }
    }

    private func change(_ name: String, at revision: Int, _ body: (inout UserAccount) -> Void) throws -> UserAccount? {
        var changed: UserAccount?
        try change(name) { user in
            guard user.revision == revision, !user.isDisabled else { return }
            body(&user)
            user.revision += 1
            changed = user
        }
        return changed
    }

    /// Gives a user a second factor, another one where he has one, and ends his sessions.
    public func enrolSecondFactor(of text: String) throws -> SecondFactorEnrolment {
        let secret = SecondFactor.newSecret()
        let (factor, codes) = SecondFactor.make(secret)
        try change(text) { user in
            user.secondFactor = factor
            user.revision += 1
        }
        return SecondFactorEnrolment(
            link: SecondFactor.link(secret, of: UserAccount.name(text) ?? text), secret: Base32.encode(Array(secret)), recoveryCodes: codes)
    }

    /// Takes a user's second factor away, and ends his sessions.
    public func removeSecondFactor(of text: String) throws {
        try change(text) { user in
            user.secondFactor = nil
            user.revision += 1
        }
    }

    /// Whether a code of a user's second factor is right. It is used up then, for every process that reads this file.
    ///
    /// - Throws: ``FactorUnopened``, ``FileError``.
    func takeCode(_ code: String, of name: String) throws -> Bool {
        var isRight = false
        try change(name) { user in
            guard var factor = user.secondFactor else { return }
            let secret = factor.secret
            isRight = try factor.take(code, at: Self.now(), with: secrets.open(secret, of: user.name))
            user.secondFactor = factor
        }
        return isRight
    }

    /// Lets a user in no more, or again; his sessions end either way.
    public func setDisabled(_ isDisabled: Bool, _ text: String) throws {
        try change(text) { user in
            user.isDisabled = isDisabled
            user.revision += 1
        }
    }

    /// Forgets the wrong passwords that were tried.
    public func unlock(_ text: String) throws {
        try change(text) { $0.unlockedAt = Self.now() }
    }

    /// Seconds since 1970.
    static func now() -> Double { Double(SystemTime.millisecondsSinceEpoch()) / 1_000 }

    private func hash(of password: String, for name: String) throws -> PasswordHash {
        if let sentence = PasswordPolicy.refusal(of: password, for: name) { throw UserRefusal.badPassword(sentence) }
        return try PasswordHash(of: password, cost: cost)
    }

    private func change(_ text: String, _ body: (inout UserAccount) throws -> Void) throws {
        try change { content in
            guard let index = content.users.firstIndex(where: { $0.name == UserAccount.name(text) }) else {
                throw UserRefusal.unknown(text)
            }
            try body(&content.users[index])
        }
    }

    func change(_ body: (inout Content) throws -> Void) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try FileLock.hold(for: path) {
            var content = try readContent()
            content.sealsFrom = content.sealsFrom ?? (content.users.isEmpty ? 0 : Self.now() + Self.graceSeconds)
            try body(&content)
            if content.isSealing { close(&content.users) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try LocalFile.write(Array(try encoder.encode(content)), to: path, mode: 0o600)
        }
    }
}
