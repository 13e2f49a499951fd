/// How long a token is good for: a number and `s`, `m`, `h` or `d`.
public struct TimeToLive: Hashable, Sendable {
    public let duration: Duration

    /// Nil where the text is no such thing, or not between one second and 365 days.
    public init?(_ text: String) {
        guard let unit = text.last, let secondsPerUnit = Self.seconds[unit], let count = Int(text.dropLast()),
            count > 0, count <= 365 * 86400 / secondsPerUnit
        else { return nil }
        duration = .seconds(count * secondsPerUnit)
    }

    private static let seconds: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
}
