import SeededRandom
import Testing

@testable import RESTShim

/// The rules of who makes room, run against a plain telling of them.
struct ConnectionTableTests {
    private let address = ClientAddress.ipv4(1)

    @Test func `places are given out up to the limit, and come back`() {
        var table = ConnectionTable(limits: .init(places: 2, share: 2, reserve: 0))
        guard case .admitted(let first, .regular, nil) = table.admit(from: address),
            case .admitted(let second, .regular, nil) = table.admit(from: address)
        else {
            Issue.record("two places are free")
            return
        }
        let areHeard = [table.work(first), table.work(second)]
        #expect(areHeard == [true, true])
        let third = table.admit(from: address)
        #expect(third == .refused)
        table.remove(first)
        #expect(table.count == 1 && table.count(of: address) == 1)
        guard case .admitted(_, .regular, nil) = table.admit(from: address) else {
            Issue.record("a place is free again")
            return
        }
    }

    @Test func `who was told to leave is heard no more`() {
        var table = ConnectionTable(limits: .init(places: 1, share: 1, reserve: 0))
        guard case .admitted(let first, _, _) = table.admit(from: address), case .admitted(_, _, let left) = table.admit(from: address)
        else {
            Issue.record("a resting connection makes room")
            return
        }
        let isHeard = table.work(first)
        #expect(left == first && !isHeard && table.count == 2)
        table.remove(first)
        #expect(table.count == 1)
    }

    @Test func `nobody is let in while too many are leaving`() {
        var table = ConnectionTable(limits: .init(places: 1, share: 1, reserve: 0, leaving: 3))
        var ids: [ConnectionTable.ID] = []
        while case .admitted(let id, _, _) = table.admit(from: address) { ids.append(id) }
        #expect(ids.count == 4)
        table.remove(ids[0])
        let next = table.admit(from: address)
        #expect(next != .refused)
    }

    @Test(arguments: 1...400)
    func `the table agrees with a plain list, whatever happens`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let limits = ConnectionTable.Limits(
            places: Int.random(in: 1...12, using: &random), share: Int.random(in: 1...12, using: &random),
            reserve: Int.random(in: 0...3, using: &random), leaving: Int.random(in: 1...6, using: &random))
        var table = ConnectionTable(limits: limits)
        var list = PlainList(limits: limits)
        for _ in 1...600 {
            let known = list.all.randomElement(using: &random)
            switch (Int.random(in: 0...9, using: &random), known) {
            case (0...3, _), (_, nil):
                let address = ClientAddress.ipv4(UInt32.random(in: 1...4, using: &random))
                let admission = table.admit(from: address)
                let isRight = list.admit(address, admission)
                #expect(isRight, "seed \(seed)")
            case (4...5, let id?):
                table.rest(id)
                list.rest(id)
            case (6...7, let id?):
                let isHeard = (table.work(id), list.work(id))
                #expect(isHeard.0 == isHeard.1, "seed \(seed)")
            case (_, let id?):
                table.remove(id)
                list.remove(id)
            }
            #expect(table.count == list.all.count, "seed \(seed)")
        }
    }
}

/// The same rules over one list that is searched from its beginning; the longest resting stands first.
private struct PlainList {
    struct Entry {
        let id: ConnectionTable.ID
        let address: ClientAddress
        let place: ConnectionTable.Place
        var isResting = true
        var isLeaving = false
    }

    let limits: ConnectionTable.Limits
    private var entries: [Entry] = []

    init(limits: ConnectionTable.Limits) {
        self.limits = limits
    }

    var all: [ConnectionTable.ID] { entries.map(\.id) }

    /// Whether the table's answer is the right one; does the same.
    mutating func admit(_ address: ClientAddress, _ answer: ConnectionTable.Admission) -> Bool {
        let staying = entries.filter { !$0.isLeaving }
        let regular = staying.filter { $0.place == .regular }
        let reserve = staying.filter { $0.place == .reserve }
        guard entries.count - staying.count < limits.leaving else { return answer == .refused }
        let own = regular.filter { $0.address == address }
        var (place, leaving, hasRoom) = (ConnectionTable.Place.regular, nil as ConnectionTable.ID?, regular.count < limits.places)
        if own.count >= limits.share {
            (leaving, hasRoom) = (own.first { $0.isResting }?.id, false)
        } else if !hasRoom {
            leaving = regular.first { $0.isResting }?.id
        }
        if !hasRoom, leaving == nil {
            (place, hasRoom) = (.reserve, reserve.count < limits.reserve)
            if !hasRoom { leaving = reserve.first { $0.isResting }?.id }
        }
        guard hasRoom || leaving != nil else { return answer == .refused }
        guard case .admitted(let id, let given, let left) = answer, given == place, left == leaving else { return false }
        if let index = entries.firstIndex(where: { $0.id == leaving }) { entries[index].isLeaving = true }
        entries.append(Entry(id: id, address: address, place: place))
        return true
    }

    mutating func rest(_ id: ConnectionTable.ID) {
        guard let index = entries.firstIndex(where: { $0.id == id && !$0.isLeaving }) else { return }
        var entry = entries.remove(at: index)
        entry.isResting = true
        entries.append(entry)
    }

    mutating func work(_ id: ConnectionTable.ID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id && !$0.isLeaving }) else { return false }
        entries[index].isResting = false
        return true
    }

    mutating func remove(_ id: ConnectionTable.ID) {
        entries.removeAll { $0.id == id }
    }
}
