/// How much of what was handed over for writing the peer has not taken, and how much it has taken since it was blocked.
struct UnsentBytes {
    private(set) var count = 0
    private var handedOver = 0
    private var takenAtMark = 0

    private var taken: Int { handedOver - count }

    mutating func handedOver(_ bytes: Int) {
        handedOver += bytes
    }

    mutating func remaining(_ count: Int) {
        self.count = count
    }

    mutating func blocked() {
        takenAtMark = taken
    }

    /// Whether the peer has taken so many bytes since it was blocked, or since this was last true.
    mutating func hasPeerTaken(_ bytes: Int) -> Bool {
        guard taken - takenAtMark >= bytes else { return false }
        takenAtMark = taken
        return true
    }
}
