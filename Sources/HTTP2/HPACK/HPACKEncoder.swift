import NIOCore

/// Writes blocks of fields (RFC 7541). What repeats goes into the reader's table, and takes a byte from then on; texts aren't packed.
struct HPACKEncoder {
    /// A prepared header as it was written last, which holds while the table is the same.
    private struct Prepared {
        let header: PreparedHeader
        let version: Int
        let block: ByteBuffer
    }

    /// The most that the table takes, whatever the reader offers.
    private static let tableByteCount = 4096
    private static let preparedCount = 8

    private var table = FieldTable(limit: HPACKEncoder.tableByteCount)
    private var prepared: [Prepared] = []
    /// The least that the table was since the last block, where the reader has set it anew.
    private var lowestLimit: Int?

    /// The reader's table holds so much from now on.
    mutating func setTableLimit(_ limit: Int) {
        let limit = min(limit, Self.tableByteCount)
        guard limit != table.limit || lowestLimit != nil else { return }
        lowestLimit = min(limit, lowestLimit ?? limit)
        table.setLimit(limit)
    }

    mutating func encode(_ header: PreparedHeader, into bytes: inout ByteBuffer) {
        for known in prepared where known.header === header && known.version == table.version && lowestLimit == nil {
            bytes.writeImmutableBuffer(known.block)
            return
        }
        let isAnew = lowestLimit != nil
        let (start, version) = (bytes.writerIndex, table.version)
        encode(header.fields, into: &bytes)
        guard !isAnew, table.version == version else { return }
        prepared.removeAll { $0.header === header || $0.version != version }
        guard prepared.count < Self.preparedCount, let written = bytes.getSlice(at: start, length: bytes.writerIndex - start) else {
            return
        }
        prepared.append(Prepared(header: header, version: version, block: ByteBuffer(bytes: written.readableBytesView)))
    }

    mutating func encode(_ fields: HeaderFields, into bytes: inout ByteBuffer) {
        if let lowest = lowestLimit.take() {
            if lowest < table.limit { Self.write(lowest, prefix: 5, flags: 0x20, to: &bytes) }
            Self.write(table.limit, prefix: 5, flags: 0x20, to: &bytes)
        }
        for field in fields { write(field, to: &bytes) }
    }

    private mutating func write(_ field: HeaderField, to bytes: inout ByteBuffer) {
        let fixed = StaticTable.index(of: field)
        if let whole = fixed.whole { return Self.write(whole, prefix: 7, flags: 0x80, to: &bytes) }
        guard field.isRepeated, field.cost <= table.limit else {
            return writeLiteral(field, name: fixed.name, prefix: 4, flags: 0, to: &bytes)
        }
        let own = table.index(of: field)
        if let whole = own.whole { return Self.write(whole, prefix: 7, flags: 0x80, to: &bytes) }
        writeLiteral(field, name: fixed.name ?? own.name, prefix: 6, flags: 0x40, to: &bytes)
        table.insert(TableEntry(field: field, isMalformed: false))
    }

    private func writeLiteral(_ field: HeaderField, name: Int?, prefix: Int, flags: UInt8, to bytes: inout ByteBuffer) {
        Self.write(name ?? 0, prefix: prefix, flags: flags, to: &bytes)
        if name == nil { Self.write(field.name, to: &bytes) }
        Self.write(field.value, to: &bytes)
    }

    private static func write(_ text: String, to bytes: inout ByteBuffer) {
        write(text.utf8.count, prefix: 7, flags: 0, to: &bytes)
        bytes.writeString(text)
    }

    private static func write(_ value: Int, prefix: Int, flags: UInt8, to bytes: inout ByteBuffer) {
        let most = 1 << prefix - 1
        guard value >= most else {
            bytes.writeInteger(flags | UInt8(value))
            return
        }
        bytes.writeInteger(flags | UInt8(most))
        var rest = value - most
        while rest >= 0x80 {
            bytes.writeInteger(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.writeInteger(UInt8(rest))
    }
}
