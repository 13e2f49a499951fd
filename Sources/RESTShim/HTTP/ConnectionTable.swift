import DequeModule

/// Who is connected, and who makes room for whom. A value without sockets and clocks, so that its rules can be run by the
/// thousand.
///
/// A connection rests while it waits for a request, and as long as a request's header isn't complete. Where all places are
/// taken, the one that has rested longest makes room for a new one; where an address has its share, its own does. Where
/// nobody rests, the new one is let into a small reserve, for probes only, and in there too the oldest makes room.
struct ConnectionTable {
    struct Limits {
        let places: Int
        /// Places of one address.
        let share: Int
        /// Places for probes.
        let reserve: Int
        /// Connections that were told to go, but whose sockets are open yet. More of them, and nobody is let in.
        var leaving = 256
    }

    struct ID: Hashable {
        fileprivate let number: UInt64
    }

    enum Place {
        case regular
        /// For probes only.
        case reserve
    }

    enum Admission: Equatable {
        /// Somebody may have to leave for it.
        case admitted(ID, Place, leaving: ID?)
        case refused
    }

    private struct Entry {
        let address: ClientAddress
        let place: Place
        /// When it came to rest, on a clock of its own that counts rests; nil while it works.
        var rest: UInt64?
    }

    private let limits: Limits
    private var entries: [ID: Entry] = [:]
    private var leaving: Set<ID> = []
    private var regularCount = 0
    private var reserveCount = 0
    private var countByAddress: [ClientAddress: Int] = [:]
    /// Who rests, the longest first. Rests that have ended since are dropped when they are met.
    private var resting: Deque<(id: ID, rest: UInt64)> = []
    private var nextID: UInt64 = 0
    private var nextRest: UInt64 = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Connections whose sockets are open.
    var count: Int { entries.count + leaving.count }

    func count(of address: ClientAddress) -> Int { countByAddress[address, default: 0] }

    // MARK: Coming and going

    /// Finds a place for a new connection, which rests.
    mutating func admit(from address: ClientAddress) -> Admission {
        guard leaving.count < limits.leaving else { return .refused }
        if count(of: address) >= limits.share {
            return longestResting(in: .regular, of: address).map { enter(.regular, from: address, leaving: $0) }
                ?? enterReserve(from: address)
        }
        guard regularCount >= limits.places else { return enter(.regular, from: address, leaving: nil) }
        return longestResting(in: .regular).map { enter(.regular, from: address, leaving: $0) } ?? enterReserve(from: address)
    }

    private mutating func enterReserve(from address: ClientAddress) -> Admission {
        guard reserveCount >= limits.reserve else { return enter(.reserve, from: address, leaving: nil) }
        return longestResting(in: .reserve).map { enter(.reserve, from: address, leaving: $0) } ?? .refused
    }

    private mutating func enter(_ place: Place, from address: ClientAddress, leaving left: ID?) -> Admission {
        if let left, let entry = entries.removeValue(forKey: left) {
            forget(entry)
            leaving.insert(left)
        }
        let id = ID(number: nextID)
        nextID += 1
        entries[id] = Entry(address: address, place: place)
        switch place {
        case .regular:
            regularCount += 1
            countByAddress[address, default: 0] += 1
        case .reserve: reserveCount += 1
        }
        rest(id)
        return .admitted(id, place, leaving: left)
    }

    /// The connection is closed.
    mutating func remove(_ id: ID) {
        leaving.remove(id)
        if let entry = entries.removeValue(forKey: id) { forget(entry) }
    }

    private mutating func forget(_ entry: Entry) {
        guard entry.place == .regular else { return reserveCount -= 1 }
        regularCount -= 1
        let rest = count(of: entry.address) - 1
        countByAddress[entry.address] = rest > 0 ? rest : nil
    }

    // MARK: Work and rest

    /// A request has come whole, or its header. False where the connection was told to leave just before.
    mutating func work(_ id: ID) -> Bool {
        guard entries[id] != nil else { return false }
        entries[id]?.rest = nil
        return true
    }

    /// The answer is written.
    mutating func rest(_ id: ID) {
        guard entries[id] != nil else { return }
        entries[id]?.rest = nextRest
        resting.append((id, nextRest))
        nextRest += 1
        if resting.count > 2 * entries.count + 64 { resting = resting.filter { isStill($0) } }
    }

    private func isStill(_ rest: (id: ID, rest: UInt64)) -> Bool {
        entries[rest.id]?.rest == rest.rest
    }

    private mutating func longestResting(in place: Place, of address: ClientAddress? = nil) -> ID? {
        while let first = resting.first, !isStill(first) { resting.removeFirst() }
        return resting.first { rest in
            guard isStill(rest), let entry = entries[rest.id], entry.place == place else { return false }
            return address == nil || entry.address == address
        }?.id
    }
}
