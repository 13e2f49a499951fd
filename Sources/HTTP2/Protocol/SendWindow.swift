/// How much the client lets us send. May be less than nothing, once he has lessened it (RFC 9113, 6.9.2).
struct SendWindow {
    /// What the protocol grants by itself.
    static let initial = 65_535
    static let most = 0x7FFF_FFFF

    private(set) var left: Int
    /// Bytes that were spent and for which the client has sent no update. He may send one of this window and one of the stream's for each
    /// frame, or for each kilobyte that he has read.
    private var unacknowledged = 0
    private static let leastOfUpdate = 512
    private static let mostUnacknowledged = 1 << 20

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
        unacknowledged = min(Self.mostUnacknowledged, unacknowledged + max(byteCount, 2 * Self.leastOfUpdate))
    }

    /// False where nothing was spent for which the client could have sent this update.
    mutating func takeUpdate() -> Bool {
        guard unacknowledged >= Self.leastOfUpdate else { return false }
        unacknowledged -= Self.leastOfUpdate
        return true
    }
}
