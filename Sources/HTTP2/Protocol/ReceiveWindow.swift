/// How much a client may send: granted anew once half of it is used up, so that one WINDOW_UPDATE stands for many frames.
struct ReceiveWindow {
    private let whole: Int
    private var left: Int

    /// - Parameter initial: what the client may take for granted, where that is not all of it.
    init(_ whole: Int, initial: Int? = nil) {
        self.whole = whole
        left = initial ?? whole
    }

    /// False where it was more than was granted.
    mutating func take(_ byteCount: Int) -> Bool {
        left -= byteCount
        return left >= 0
    }

    /// What to grant now; nil where that can wait.
    mutating func grant() -> Int? {
        guard left <= whole / 2 else { return nil }
        defer { left = whole }
        return whole - left
    }
}
