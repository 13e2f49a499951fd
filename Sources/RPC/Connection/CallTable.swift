import NIOCore

/// The calls under way on a connection, by stream id, and when the first of them is due.
///
/// Ids rise by a fixed step, so a call's place follows from its id: no hash, no search. A call that is still under way when
/// the ring has come round to its place steps aside. So what one slow call costs doesn't grow with the calls that pass it.
struct CallTable<Call> {
    private struct Entry {
        let streamID: UInt32
        var deadline: NIODeadline
        let call: Call
    }

    private static var fewestPlaces: Int { 8 }
    static var mostPlaces: Int { 1024 }
    /// A client's ids are odd.
    private static var stepBits: Int { 1 }

    /// A power of two, or none while nothing goes on.
    private var ring: [Entry?] = []
    private var aside: [UInt32: Entry] = [:]
    private(set) var count = 0
    /// No call is due before. May be earlier than that of any: then ``due(at:)`` finds none, and sets it right.
    private(set) var earliestDeadline = NIODeadline.distantFuture

    var isEmpty: Bool { count == 0 }
    var placeCount: Int { ring.count }

    subscript(streamID: UInt32) -> Call? {
        guard !ring.isEmpty else { return nil }
        if let entry = ring[place(of: streamID)], entry.streamID == streamID { return entry.call }
        return aside.isEmpty ? nil : aside[streamID]?.call
    }

    mutating func insert(_ call: Call, _ streamID: UInt32, due deadline: NIODeadline) {
        grow()
        let place = place(of: streamID)
        if let overtaken = ring[place] { aside[overtaken.streamID] = overtaken }
        ring[place] = Entry(streamID: streamID, deadline: deadline, call: call)
        count += 1
        if deadline < earliestDeadline { earliestDeadline = deadline }
    }

    @discardableResult
    mutating func remove(_ streamID: UInt32) -> Call? {
        guard let entry = take(streamID) else { return nil }
        count -= 1
        return entry.call
    }

    /// Takes out every call, in the order of their ids.
    mutating func removeAll() -> [Call] {
        defer { self = CallTable() }
        return entries.map(\.call)
    }

    /// Takes out the calls above an id, in the order of theirs.
    mutating func removeAll(above streamID: UInt32) -> [Call] {
        entries.filter { $0.streamID > streamID }.compactMap { remove($0.streamID) }
    }

    /// The calls, in the order of their ids.
    var calls: [Call] { entries.map(\.call) }

    /// The same with their ids.
    var numbered: [(streamID: UInt32, call: Call)] { entries.map { ($0.streamID, $0.call) } }

    /// The calls whose deadlines have come, each once, in the order of their ids. They stay.
    mutating func due(at now: NIODeadline) -> [(streamID: UInt32, call: Call)] {
        guard earliestDeadline <= now else { return [] }
        let all = entries
        let due = all.filter { $0.deadline <= now }
        for entry in due { setDeadline(of: entry.streamID, to: .distantFuture) }
        earliestDeadline = all.lazy.map(\.deadline).filter { $0 > now }.min() ?? .distantFuture
        return due.map { ($0.streamID, $0.call) }
    }

    /// A call is due no more.
    mutating func liftDeadline(of streamID: UInt32) {
        setDeadline(of: streamID, to: .distantFuture)
    }

    /// Gives memory back while nothing is under way.
    mutating func release() {
        if isEmpty { self = CallTable() }
    }

    // MARK: Places

    private func place(of streamID: UInt32) -> Int {
        Int(streamID) >> CallTable.stepBits & (ring.count - 1)
    }

    private var entries: [Entry] {
        (ring.compactMap(\.self) + aside.values).sorted { $0.streamID < $1.streamID }
    }

    private mutating func take(_ streamID: UInt32) -> Entry? {
        guard !ring.isEmpty else { return nil }
        let place = place(of: streamID)
        guard let entry = ring[place], entry.streamID == streamID else {
            return aside.isEmpty ? nil : aside.removeValue(forKey: streamID)
        }
        ring[place] = nil
        return entry
    }

    private mutating func setDeadline(of streamID: UInt32, to deadline: NIODeadline) {
        guard !ring.isEmpty else { return }
        let place = place(of: streamID)
        if ring[place]?.streamID == streamID {
            ring[place]?.deadline = deadline
        } else {
            aside[streamID]?.deadline = deadline
        }
    }

    /// At most every other place is taken, so that few calls have to step aside.
    private mutating func grow() {
        guard 2 * count >= ring.count, ring.count < CallTable.mostPlaces else { return }
        let all = entries
        ring = Array(repeating: nil, count: max(CallTable.fewestPlaces, 2 * ring.count))
        aside = [:]
        for entry in all {
            let place = place(of: entry.streamID)
            if let overtaken = ring[place] { aside[overtaken.streamID] = overtaken }
            ring[place] = entry
        }
    }
}
