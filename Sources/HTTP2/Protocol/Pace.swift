import NIOCore

/// Counts what a client may do only so often in a while.
struct Pace {
    private let most: Int
    private let span: TimeAmount
    private var begin = NIODeadline.uptimeNanoseconds(0)
    private var count = 0

    init(_ most: Int, in span: TimeAmount) {
        self.most = most
        self.span = span
    }

    /// False where it was once too often.
    mutating func note(at now: NIODeadline) -> Bool {
        if now - begin >= span { (begin, count) = (now, 0) }
        count += 1
        return count <= most
    }
}
