import Crypto
import Foundation

/// What a user proves beside his password: that he has the app, or a sheet of codes for the day on which he has not.
public struct SecondFactor: Codable, Hashable, Sendable {
    /// What his app knows too.
    var secret: FactorSecret
    /// The step of the last code that was taken: no code is taken twice.
    var lastStep: Int64?
    /// Digests of the codes that are left, each of 80 bits by chance: too many to be tried, so they need no salt and no cost.
    var recovery: [Data]

    private enum CodingKeys: String, CodingKey {
        case secret, sealed
        case lastStep = "last_step"
        case recovery
    }

    static let recoveryCodes = 10
    private static let secretBytes = 20

    /// By chance.
    static func newSecret() -> Data {
        Data((0..<secretBytes).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// A new one, and the codes that its owner keeps on paper.
    static func make(_ secret: Data = newSecret()) -> (SecondFactor, codes: [String]) {
        let codes = (0..<recoveryCodes).map { _ in ReadableSecret.make() }
        return (SecondFactor(secret: .plain(secret), lastStep: nil, recovery: codes.map(digest)), codes)
    }

    /// How many codes on paper are left.
    public var recoveryCodesLeft: Int { recovery.count }

    /// Whether it can be one of ours.
    var isReasonable: Bool {
        secret.isReasonable && recovery.count <= Self.recoveryCodes && recovery.allSatisfy { $0.count == 32 }
    }

    /// Whether a code is right, which uses it up. For one of those on paper the secret is not needed.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - secret: opened.
    mutating func take(_ text: String, at now: Double, with secret: @autoclosure () throws -> Data) rethrows -> Bool {
        let typed = text.filter { !$0.isWhitespace }
        if let used = recovery.firstIndex(of: Self.digest(typed)) {
            recovery.remove(at: used)
            return true
        }
        guard typed.utf8.count == OneTimeCode.digits,
            let step = OneTimeCode.matching(typed, try secret(), at: now, after: lastStep)
        else { return false }
        lastStep = step
        return true
    }

    /// What an app reads as a picture or takes as a link.
    static func link(_ secret: Data, of name: String) -> String {
        let account = FormFields.encode(name)
        return "otpauth://totp/Hospital:\(account)?secret=\(Base32.encode(Array(secret)))&issuer=Hospital&algorithm=SHA1"
            + "&digits=\(OneTimeCode.digits)&period=\(OneTimeCode.secondsPerStep)"
    }

    private static func digest(_ code: String) -> Data {
        Data(SHA256.hash(data: Data(code.lowercased().filter { $0 != "-" }.utf8)))
    }
}

extension SecondFactor {
    /// A version before this one knows the open form alone, and refuses a file with the other whole: it lets nobody in without a code.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let sealed = try values.decodeIfPresent(String.self, forKey: .sealed) {
            secret = .sealed(sealed)
        } else {
            secret = .plain(try values.decode(Data.self, forKey: .secret))
        }
        lastStep = try values.decodeIfPresent(Int64.self, forKey: .lastStep)
        recovery = try values.decode([Data].self, forKey: .recovery)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch secret {
        case .plain(let secret): try values.encode(secret, forKey: .secret)
        case .sealed(let sealed): try values.encode(sealed, forKey: .sealed)
        }
        try values.encodeIfPresent(lastStep, forKey: .lastStep)
        try values.encode(recovery, forKey: .recovery)
    }
}

/// What an app is told, and what its owner writes down.
public struct SecondFactorEnrolment: Hashable, Sendable {
    /// `otpauth://…`
    public let link: String
    /// The secret alone, to be typed.
    public let secret: String
    public let recoveryCodes: [String]
}
