import NIOCore

/// What is left of one answer, on its way out.
struct OutgoingAnswer {
    struct Piece {
        var bytes: ByteBuffer
        /// Kept when the piece has left.
        let promise: EventLoopPromise<Void>?
    }

    var window: SendWindow
    /// Pieces of the body that wait for their window or their turn.
    private(set) var pieces: CircularBuffer<Piece>?
    /// What comes behind the body.
    private var trailers: SentHeader?
    /// Nothing comes behind what waits.
    private var isEndDue = false
    /// The end has been written.
    private(set) var hasLeft = false
    /// It has its place in the queue of those that may go on.
    var isQueued = false

    init(window: Int) {
        self.window = SendWindow(left: window)
    }

    /// Whether something waits that has to leave first.
    var isWaiting: Bool { pieces != nil }

    /// Whether it may go on, as far as its own window goes.
    var mayGoOn: Bool {
        guard let first = pieces?.first else { return false }
        return window.left > 0 || first.bytes.readableBytes == 0
    }

    mutating func wait(with piece: Piece, isEnd: Bool) {
        if pieces == nil { pieces = CircularBuffer(initialCapacity: 2) }
        pieces?.append(piece)
        if isEnd { isEndDue = true }
    }

    mutating func wait(withTrailers header: SentHeader) { trailers = header }

    mutating func noteEnd() { hasLeft = true }

    /// Takes the next bytes, so many at most.
    mutating func next(atMost room: Int) -> (bytes: ByteBuffer, promise: EventLoopPromise<Void>?, isLast: Bool)? {
        guard var piece = pieces?.popFirst() else { return nil }
        let count = min(piece.bytes.readableBytes, room)
        guard let bytes = piece.bytes.readSlice(length: count) else { return nil }
        window.spend(count)
        guard piece.bytes.readableBytes == 0 else {
            pieces?.prepend(piece)
            return (bytes, nil, false)
        }
        if pieces?.isEmpty == true { pieces = nil }
        return (bytes, piece.promise, pieces == nil && isEndDue)
    }

    /// Takes what comes behind the body, once that has left.
    mutating func nextTrailers() -> SentHeader? { pieces == nil ? trailers.take() : nil }

    /// Nothing of it leaves any more.
    mutating func giveUp() -> [EventLoopPromise<Void>] {
        defer { (pieces, trailers) = (nil, nil) }
        return pieces?.compactMap(\.promise) ?? []
    }
}
