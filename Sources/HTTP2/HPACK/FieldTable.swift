/// The dynamic table of one direction (RFC 7541, 2.3.2): the newest field has the lowest index, and the oldest go where room is needed.
struct FieldTable {
    /// What it holds at most, as fields cost.
    private(set) var limit: Int
    private(set) var size = 0
    private(set) var count = 0
    /// Rises with every field that is put in, and with every one that goes: while it stands still, indices mean the same.
    private(set) var version = 0
    /// A ring; its count is a power of two, or 0.
    private var ring: [TableEntry?] = []
    private var next = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// The field at an index of the whole table, nil where there is none.
    func entry(at index: Int) -> TableEntry? {
        let age = index - StaticTable.count - 1
        guard age >= 0, age < count else { return nil }
        return ring[(next - 1 - age) & (ring.count - 1)]
    }

    /// A field that costs more than the whole table empties it, and is not put in.
    mutating func insert(_ entry: TableEntry) {
        version += 1
        let cost = entry.field.cost
        evict(to: limit - cost)
        guard cost <= limit else { return }
        if count == ring.count { grow() }
        ring[next] = entry
        next = (next + 1) & (ring.count - 1)
        count += 1
        size += cost
    }

    mutating func setLimit(_ limit: Int) {
        version += 1
        self.limit = limit
        evict(to: limit)
    }

    /// The index of a field; with its name alone where its value stands nowhere.
    func index(of field: HeaderField) -> (whole: Int?, name: Int?) {
        var name: Int?
        for age in 0..<count {
            guard let known = ring[(next - 1 - age) & (ring.count - 1)]?.field, known.name == field.name else { continue }
            if known.value == field.value { return (StaticTable.count + 1 + age, name) }
            if name == nil { name = StaticTable.count + 1 + age }
        }
        return (nil, name)
    }

    private mutating func evict(to room: Int) {
        while count > 0, size > room {
            let oldest = (next - count) & (ring.count - 1)
            size -= ring[oldest]?.field.cost ?? 0
            ring[oldest] = nil
            count -= 1
        }
    }

    private mutating func grow() {
        var larger = [TableEntry?](repeating: nil, count: max(8, 2 * ring.count))
        for age in 0..<count { larger[count - 1 - age] = ring[(next - 1 - age) & (ring.count - 1)] }
        ring = larger
        next = count
    }
}

/// A field in a table, and whether it has letters that no field may have.
struct TableEntry {
    let field: HeaderField
    let isMalformed: Bool
}
