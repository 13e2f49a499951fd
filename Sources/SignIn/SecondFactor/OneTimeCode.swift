import Crypto
import Foundation

/// Codes of an app that knows a secret and the time (TOTP, RFC 6238): HMAC-SHA-1, six digits, a new one every half a minute, which is what
/// every such app does.
enum OneTimeCode {
    static let secondsPerStep = 30
    static let digits = 6

    /// Steps before and after now whose code is taken as well: clocks differ, and people type slowly.
    private static let tolerance: Int64 = 1

    /// The number of the step in which a moment lies.
    ///
    /// - Parameter now: seconds since 1970.
    static func step(at now: Double) -> Int64 {
        Int64(now.rounded(.down)) / Int64(secondsPerStep)
    }

    /// RFC 4226, 5.3.
    static func code(_ secret: Data, step: Int64, digits: Int = digits) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[mac.count - 1] & 0x0F)
        let number = mac[offset..<offset + 4].reduce(0) { $0 << 8 | UInt64($1) } & 0x7FFF_FFFF
        let text = String(number % (0..<digits).reduce(1) { power, _ in power * 10 })
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code it is; nil where it is none of those that count now, or not later than the last one that was used.
    static func matching(_ text: String, _ secret: Data, at now: Double, after last: Int64?) -> Int64? {
        let step = step(at: now)
        return (step - tolerance...step + tolerance).first { $0 > (last ?? -1) && code(secret, step: $0) == text }
    }
}
