import NIOCore

/// Reads blocks of fields (RFC 7541), one after another, as the other side's table grows with them.
struct HPACKDecoder {
    /// What the table may hold: the protocol's own number, as we tell of no other.
    static let tableByteCount = 4096

    private var table = FieldTable(limit: HPACKDecoder.tableByteCount)
    private let listByteCount: Int
    private var known = KnownBlocks()

    /// - Parameter listByteCount: what the fields of one block may cost together.
    init(listByteCount: Int) {
        self.listByteCount = listByteCount
    }

    /// The header of a request. One that came lately in the same bytes is the same.
    mutating func request(in block: ByteBuffer) throws(HPACKFault) -> ReceivedHeader {
        if let header = known[block] { return header }
        let version = table.version
        let (fields, isMalformed) = try self.fields(in: block)
        let header = ReceivedHeader(fields, isMalformed: isMalformed)
        // What changes the table means something else the next time, and so may everything before it.
        if table.version == version { known.add(header, in: block) } else { known.removeAll() }
        return header
    }

    /// What may stand in a header or behind a body, and whether a field has letters that none may have.
    mutating func fields(in block: ByteBuffer) throws(HPACKFault) -> (fields: HeaderFields, isMalformed: Bool) {
        let bytes = block.readableBytesUInt8Span
        var (fields, isMalformed) = (HeaderFields(), false)
        fields.reserveCapacity(16)
        var (position, room, isBeginning) = (0, listByteCount, true)
        while position < bytes.count {
            if bytes[position] & 0xE0 == 0x20 {
                guard isBeginning else { throw .malformed }
                try resize(to: try Self.integer(bytes, &position, prefix: 5))
                continue
            }
            isBeginning = false
            let entry = try nextField(bytes, &position)
            room -= entry.field.cost
            guard room >= 0 else { throw .tooLarge }
            fields.add(entry.field)
            isMalformed = isMalformed || entry.isMalformed
        }
        return (fields, isMalformed)
    }

    private mutating func resize(to limit: Int) throws(HPACKFault) {
        guard limit <= Self.tableByteCount else { throw .malformed }
        known.removeAll()
        table.setLimit(limit)
    }

    // MARK: Fields

    private mutating func nextField(_ bytes: Span<UInt8>, _ position: inout Int) throws(HPACKFault) -> TableEntry {
        let first = bytes[position]
        if first & 0x80 != 0 { return try entry(at: try Self.integer(bytes, &position, prefix: 7)) }
        let isInserted = first & 0x40 != 0
        let nameIndex = try Self.integer(bytes, &position, prefix: isInserted ? 6 : 4)
        let named = nameIndex == 0 ? nil : try entry(at: nameIndex)
        let name = if let named { named.field.name } else { try Self.text(bytes, &position) }
        let value = try Self.text(bytes, &position)
        let isMalformed = named == nil && !FieldLetters.isName(name) || !FieldLetters.isValue(value)
        let entry = TableEntry(field: HeaderField(name, value), isMalformed: isMalformed)
        if isInserted { table.insert(entry) }
        return entry
    }

    private func entry(at index: Int) throws(HPACKFault) -> TableEntry {
        guard index > 0 else { throw .malformed }
        if index <= StaticTable.count { return TableEntry(field: StaticTable[index], isMalformed: false) }
        guard let entry = table.entry(at: index) else { throw .malformed }
        return entry
    }

    // MARK: Numbers and texts

    /// A number that begins in the low bits of a byte (RFC 7541, 5.1). None that means anything has more than four bytes more.
    private static func integer(_ bytes: Span<UInt8>, _ position: inout Int, prefix: Int) throws(HPACKFault) -> Int {
        guard position < bytes.count else { throw .malformed }
        let most = 1 << prefix - 1
        var value = Int(bytes[position]) & most
        position += 1
        guard value == most else { return value }
        for shift in [0, 7, 14, 21] {
            guard position < bytes.count else { break }
            let byte = bytes[position]
            position += 1
            value += Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }

    private static func text(_ bytes: Span<UInt8>, _ position: inout Int) throws(HPACKFault) -> String {
        guard position < bytes.count else { throw .malformed }
        let isPacked = bytes[position] & 0x80 != 0
        let count = try integer(bytes, &position, prefix: 7)
        guard count <= bytes.count - position else { throw .malformed }
        let range = position..<position + count
        position += count
        var letters: [UInt8] = []
        letters.reserveCapacity(isPacked ? count * 8 / 5 : count)
        if isPacked {
            guard HuffmanCode.decode(bytes, range, into: &letters) else { throw .malformed }
        } else {
            for place in range { letters.append(bytes[place]) }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}

/// The headers that came last in blocks that left the table as it was: while it is, the same bytes mean the same fields. A client that
/// calls one method again and again sends the same block again and again.
private struct KnownBlocks {
    private static let capacity = 4
    private static let blockByteCount = 512
    private static let fieldCount = 32

    private var blocks: [(block: ByteBuffer, header: ReceivedHeader)] = []
    private var next = 0

    subscript(block: ByteBuffer) -> ReceivedHeader? {
        for known in blocks where known.block == block { return known.header }
        return nil
    }

    mutating func add(_ header: ReceivedHeader, in block: ByteBuffer) {
        guard block.readableBytes <= Self.blockByteCount, header.fields.count <= Self.fieldCount, header.fault == nil else { return }
        let own = (ByteBuffer(bytes: block.readableBytesView), header)
        if blocks.count < Self.capacity { blocks.append(own) } else { blocks[next] = own }
        next = (next + 1) % Self.capacity
    }

    mutating func removeAll() {
        guard !blocks.isEmpty else { return }
        blocks.removeAll()
        next = 0
    }
}
