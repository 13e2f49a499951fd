/// The open streams of a connection by their ids, which rise: neighbours stand beside one another, and a look-up mostly finds its place
/// at once.
struct StreamTable {
    private static let initialCapacity = 16

    /// Open addressing; its count is a power of two, and half of it is empty at least.
    private var places: [HTTP2Stream?] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var all: [HTTP2Stream] { places.compactMap(\.self) }

    subscript(id: UInt32) -> HTTP2Stream? {
        guard count > 0 else { return nil }
        return places[place(of: id)]
    }

    /// - Parameter stream: none of its id is open.
    mutating func insert(_ stream: HTTP2Stream) {
        if 2 * (count + 1) > places.count { grow() }
        places[place(of: stream.id)] = stream
        count += 1
    }

    mutating func remove(_ id: UInt32) {
        guard count > 0 else { return }
        var hole = place(of: id)
        guard places[hole] != nil else { return }
        count -= 1
        places[hole] = nil
        // Who stands behind because the place was taken moves up.
        var position = hole
        while true {
            position = (position + 1) & (places.count - 1)
            guard let stream = places[position] else { return }
            let distance = (position - home(of: stream.id)) & (places.count - 1)
            guard distance >= (position - hole) & (places.count - 1) else { continue }
            places[hole] = stream
            places[position] = nil
            hole = position
        }
    }

    /// Gives the memory back while nothing is going on.
    mutating func release() {
        if count == 0 { places = [] }
    }

    private func home(of id: UInt32) -> Int { Int(id >> 1) & (places.count - 1) }

    /// Where it stands, or would.
    private func place(of id: UInt32) -> Int {
        var position = home(of: id)
        while let stream = places[position], stream.id != id { position = (position + 1) & (places.count - 1) }
        return position
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: nil, count: max(Self.initialCapacity, 2 * old.count))
        for case let stream? in old { places[place(of: stream.id)] = stream }
    }
}
