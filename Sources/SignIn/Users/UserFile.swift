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
public struct UserFile: Sendable {
    private struct Content: Codable {
        var users: [UserAccount]
    }

    public let path: String
    private let cost: ScryptCost

    private static let limitBytes = 16 << 20

    /// - Parameter cost: of passwords that are set from now on.
    public init(_ path: String, cost: ScryptCost = ScryptCost()) {
        self.path = path
        self.cost = cost
    }

    /// - Throws: ``FileError`` where the file can't be read, or holds no users of ours.
    public func read() throws -> [UserAccount] {
        guard FileStamp(path: path) != nil else { return [] }
        let bytes = try LocalFile.read(path, atMost: Self.limitBytes)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.users.allSatisfy(\.isReasonable) else {
            throw FileError(path, "is no list of users")
        }
        return content.users
    }

    /// - Parameter doctorID: who a doctor is.
    /// - Throws: ``UserRefusal``, ``FileError``.
    public func add(_ text: String, role: CallerRole, doctorID: String?, password: String) throws {
        guard let name = UserAccount.name(text), role != .service else { throw UserRefusal.badName(text) }
        guard role != .doctor || doctorID != nil else { throw UserRefusal.doctorWithoutID }
        let hash = try hash(of: password, for: name)
        try change { users in
            guard !users.contains(where: { $0.name == name }) else { throw UserRefusal.exists(name) }
            users.append(
                UserAccount(
                    name: name, role: role, subject: doctorID ?? name, isDisabled: false, password: hash, revision: 1, unlockedAt: nil))
        }
    }

    /// Gives a user a new password, and ends his sessions.
    public func setPassword(of text: String, _ password: String) throws {
        let hash = try hash(of: password, for: UserAccount.name(text) ?? text)
        try change(text) { user in
            user.password = hash
            user.revision += 1
        }
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
        let now = Double(SystemTime.millisecondsSinceEpoch()) / 1_000
        try change(text) { $0.unlockedAt = now }
    }

    private func hash(of password: String, for name: String) throws -> PasswordHash {
        if let sentence = PasswordPolicy.refusal(of: password, for: name) { throw UserRefusal.badPassword(sentence) }
        return try PasswordHash(of: password, cost: cost)
    }

    private func change(_ text: String, _ body: (inout UserAccount) -> Void) throws {
        try change { users in
            guard let index = users.firstIndex(where: { $0.name == UserAccount.name(text) }) else { throw UserRefusal.unknown(text) }
            body(&users[index])
        }
    }

    private func change(_ body: (inout [UserAccount]) throws -> Void) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try FileLock.hold(for: path) {
            var users = try read()
            try body(&users)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try LocalFile.write(Array(try encoder.encode(Content(users: users))), to: path, mode: 0o600)
        }
    }
}
