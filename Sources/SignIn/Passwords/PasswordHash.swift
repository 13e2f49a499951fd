import Crypto
import CryptoExtras
import Foundation

/// What a guess costs: scrypt's parameters (RFC 7914, 2). The usual ones take 32 MiB and three passes, as OWASP asks for.
public struct ScryptCost: Codable, Hashable, Sendable {
    /// The logarithm of N to base 2.
    public var logRounds = 15
    public var blockSize = 8
    public var parallelism = 3

    public init() {}

    public init(logRounds: Int) {
        self.logRounds = logRounds
    }

    /// A file that somebody has edited takes no more memory than this for a sign-in.
    var isReasonable: Bool { (1...20).contains(logRounds) && (1...32).contains(blockSize) && (1...16).contains(parallelism) }
}

/// What is kept of a password: enough to know it again, and not to find it out.
public struct PasswordHash: Codable, Hashable, Sendable {
    let scrypt: ScryptCost
    let salt: Data
    let key: Data

    private static let keyByteCount = 32

    /// A new hash, with salt by chance.
    ///
    /// - Throws: where the machine has no memory for it.
    public init(of password: String, cost: ScryptCost = ScryptCost()) throws {
        scrypt = cost
        salt = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) })
        key = try Self.derive(password, salt, cost)
    }

    /// Whether it is the password's. Takes as long for a wrong one as for the right one.
    ///
    /// - Throws: where the machine has no memory for it.
    public func matches(_ password: String) throws -> Bool {
        // Nothing can be derived of no bytes.
        guard !password.isEmpty else { return false }
        // Keys are compared in a time that tells nothing of them.
        let isSame = try SymmetricKey(data: Self.derive(password, salt, scrypt)) == SymmetricKey(data: key)
        // To HMAC (RFC 2104), on which scrypt stands, one that is shorter than a block is the same with such bytes behind it.
        return isSame && !password.utf8.contains(0)
    }

    /// Whether it can be a hash of ours.
    var isReasonable: Bool { scrypt.isReasonable && salt.count >= 8 && key.count == Self.keyByteCount }

    private static func derive(_ password: String, _ salt: Data, _ cost: ScryptCost) throws -> Data {
        try KDF.Scrypt.deriveKey(
            from: Array(PasswordPolicy.normal(password).utf8), salt: Array(salt), outputByteCount: keyByteCount,
            rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism
        ).withUnsafeBytes { Data($0) }
    }
}
