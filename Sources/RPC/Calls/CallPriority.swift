/// What a call goes before where a server has more to do than it can. Numbers as in `hms.api.v1.Priority`.
public enum CallPriority: UInt8, Comparable, Sendable {
    case ordinary = 0
    /// A fifth of what a server takes on is kept for it.
    case critical = 1
    /// Never refused for load.
    case always = 2

    public static func < (one: CallPriority, other: CallPriority) -> Bool {
        one.rawValue < other.rawValue
    }
}
