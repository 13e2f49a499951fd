/// The streams that ended last, so that frames which crossed the end are told from those that break the protocol.
struct EndedStreams {
    enum End {
        /// Both sides had said all, or the client has reset it.
        case byClient
        /// It was reset here: what the client sent before he knew is passed over.
        case here
    }

    private static let capacity = 256

    private var ends: [(id: UInt32, end: End)] = []
    private var next = 0

    /// How a stream ended; nil where that is long ago, or it never was.
    subscript(id: UInt32) -> End? {
        ends.first { $0.id == id }?.end
    }

    mutating func add(_ id: UInt32, _ end: End) {
        guard ends.count == Self.capacity else {
            ends.append((id, end))
            return
        }
        ends[next] = (id, end)
        next = (next + 1) % Self.capacity
    }
}
