import Foundation

/// What a password must be (ASVS 4.0.3, 2.1): long, and nothing that everybody tries first. Which characters it has is its owner's affair.
public enum PasswordPolicy {
    /// In characters, after folding.
    public static let lengths = 12...128

    /// Longer ones are not even looked at, in bytes.
    static let mostBytes = 1_024

    /// Why a password is refused, as a sentence; nil where it can be taken.
    ///
    /// - Parameter name: whose it is to be.
    public static func refusal(of password: String, for name: String) -> String? {
        let folded = normal(password)
        let count = folded.unicodeScalars.count
        guard count >= lengths.lowerBound else { return "A password has at least \(lengths.lowerBound) characters." }
        guard count <= lengths.upperBound else { return "A password has at most \(lengths.upperBound) characters." }
        guard !folded.utf8.contains(0) else { return "A password has no character U+0000." }
        let plain = folded.lowercased()
        guard !plain.contains(name.lowercased()) else { return "A password doesn't contain the name of its owner." }
        guard Set(plain).count > 4 else { return "That password repeats a few characters." }
        guard !isCommon(plain) else { return "That password is among those that are tried first." }
        return nil
    }

    /// One form for what looks the same (NIST SP 800-63B, 5.1.1.2).
    static func normal(_ password: String) -> String {
        password.precomposedStringWithCompatibilityMapping
    }

    /// Runs of a keyboard or of the alphabet, and a common word with digits and signs around it.
    private static func isCommon(_ plain: String) -> Bool {
        let runs = [
            "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "1234567890123456789012345678901",
        ]
        if runs.contains(where: { $0.contains(plain) || String($0.reversed()).contains(plain) }) { return true }
        let letters = plain.filter(\.isLetter)
        let words = [
            "password", "passwort", "passphrase", "hospital", "welcome", "letmein", "qwerty", "admin", "administrator", "iloveyou",
            "changeme", "trustno", "football", "baseball", "basketball", "superman", "sunshine", "princess", "dragon", "monkey",
            "liverpool",
            "chelsea", "jesuschrist", "computer", "internet", "secret", "topsecret", "default", "correcthorsebatterystaple", "doctor",
            "patient",
            "reception",
        ]
        return words.contains { letters == $0 || letters == $0 + $0 }
    }
}
