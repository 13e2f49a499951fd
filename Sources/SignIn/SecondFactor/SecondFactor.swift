import Crypto
import Foundation

/// What a user proves beside his password: that he has the app, or a sheet of codes for the day on which he has not.
public struct SecondFactor: Codable, Hashable, Sendable {
    /// What his app knows too.
    let secret: Data
    /// The step of the last code that was taken: no code is taken twice.
    var lastStep: Int64?
    /// Digests of the codes that are left, each of 80 bits by chance: too many to be tried, so they need no salt and no cost.
    var recovery: [Data]

    private enum CodingKeys: String, CodingKey {
        case secret
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
        return (SecondFactor(secret: secret, lastStep: nil, recovery: codes.map(digest)), codes)
    }

    /// How many codes on paper are left.
    public var recoveryCodesLeft: Int { recovery.count }

    /// Whether it can be one of ours.
    var isReasonable: Bool {
        (16...64).contains(secret.count) && recovery.count <= Self.recoveryCodes && recovery.allSatisfy { $0.count == 32 }
    }

    /// Whether a code is right, which uses it up.
    ///
    /// - Parameter now: seconds since 1970.
    mutating func take(_ text: String, at now: Double) -> Bool {
        let typed = text.filter { !$0.isWhitespace }
        if let step = OneTimeCode.matching(typed, secret, at: now, after: lastStep) {
            lastStep = step
            return true
        }
        guard let used = recovery.firstIndex(of: Self.digest(typed)) else { return false }
        recovery.remove(at: used)
        return true
    }

    /// What an app reads as a picture or takes as a link.
    func link(of name: String) -> String { Self.link(secret, of: name) }

    static func link(_ secret: Data, of name: String) -> String {
        let account = FormFields.encode(name)
        return "otpauth://totp/Hospital:\(account)?secret=\(Base32.encode(Array(secret)))&issuer=Hospital&algorithm=SHA1"
            + "&digits=\(OneTimeCode.digits)&period=\(OneTimeCode.secondsPerStep)"
    }

    private static func digest(_ code: String) -> Data {
        Data(SHA256.hash(data: Data(code.lowercased().filter { $0 != "-" }.utf8)))
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
