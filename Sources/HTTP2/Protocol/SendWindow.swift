/// How much the client lets us send. May be less than nothing, once he has lessened it (RFC 9113, 6.9.2).
struct SendWindow {
    /// What the protocol grants by itself.
    static let initial = 65_535
    static let most = 0x7FFF_FFFF

    private(set) var left: Int
    /// Updates that a client may have sent for what was spent: one of this window and one of the stream's for each frame.
    private var updatesDue = 0

    init(left: Int) {
        self.left = left
    }

    /// False where it would be more than a window can be.
    mutating func grow(by byteCount: Int) -> Bool {
        left += byteCount
        return left <= Self.most
    }

    mutating func spend(_ byteCount: Int) {
        left -= byteCount
        updatesDue += 2
    }

    /// False where nothing was spent for which the client could have sent this update.
    mutating func takeUpdate() -> Bool {
        guard updatesDue > 0 else { return false }
        updatesDue -= 1
        return true
    }
}
