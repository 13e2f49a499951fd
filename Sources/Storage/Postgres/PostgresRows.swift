import CLibPQ

/// What a statement was answered with, and the row of it that is being read.
///
/// Values come in PostgreSQL's binary format. A sum of integers is a `numeric` and a condition a `bool` there: both are read as
/// integers, as they are on SQLite.
final class PostgresRows {
    private let pq: PostgresLibrary
    private let result: OpaquePointer
    private let count: Int32
    let columnCount: Int
    private var place: Int32 = 0
    /// The first column that was asked for what it did not hold.
    private var misreadColumn: Int?

    /// Takes the result over and frees it.
    init(_ result: OpaquePointer, _ pq: PostgresLibrary) {
        self.pq = pq
        self.result = result
        count = pq.functions.ntuples(result)
        columnCount = Int(pq.functions.nfields(result))
    }

    deinit {
        pq.functions.clear(result)
    }

    var rowCount: Int { Int(count) }

    /// Rows that the statement has inserted, updated or deleted.
    var changedCount: Int {
        let verb = pq.functions.cmdStatus(result).map { String(cString: $0) } ?? ""
        guard ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(where: verb.hasPrefix) else { return 0 }
        return pq.functions.cmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// `COMMIT`, or `ROLLBACK` where a commit found nothing that could be kept.
    var isRollback: Bool { pq.functions.cmdStatus(result).map { String(cString: $0) } == "ROLLBACK" }

    /// Calls `body` at every row that was not read yet until it returns `false`; whether it never did.
    // Swift 6.3.1's optimizer crashes where it inlines this: a row that is made within cannot be copied.
    @discardableResult @inline(never)
    func forEach(_ body: (borrowing Row) throws -> Bool) throws -> Bool {
        while place < count {
            let goOn = try body(Row(columns: .postgres(self)))
            try throwMisread()
            place += 1
            if !goOn { return false }
        }
        return true
    }

    private func throwMisread() throws(StorageError) {
        guard let column = misreadColumn else { return }
        let name = pq.functions.fname(result, Int32(column)).map { String(cString: $0) }
        throw .unexpectedValue(column: name ?? "#\(column)")
    }
}

// MARK: - Columns of the current row

extension PostgresRows {
    func isNull(_ column: Int) -> Bool {
        !holds(column) || pq.functions.getisnull(result, place, Int32(column)) != 0
    }

    func integer(_ column: Int) -> Int64 { read(column, as: integer) ?? 0 }
    func real(_ column: Int) -> Double { read(column, as: real) ?? 0 }
    func text(_ column: Int) -> String { read(column, as: text) ?? "" }
    func blob(_ column: Int) -> [UInt8] { read(column, as: blob) ?? [] }

    func value(_ column: Int) -> SQLValue {
        if isNull(column) { return .null }
        return read(column) { type, bytes in
            if let integer = integer(type, bytes) { return .integer(integer) }
            if let real = real(type, bytes) { return .real(real) }
            if let text = text(type, bytes) { return .text(text) }
            return blob(type, bytes).map { .blob($0) }
        } ?? .null
    }

    private func holds(_ column: Int) -> Bool { column >= 0 && column < columnCount }

    /// The column's value where `make` can make one of its type; a column that can't is remembered.
    private func read<T>(_ column: Int, as make: (_ type: UInt32, _ bytes: UnsafeRawBufferPointer) -> T?) -> T? {
        let index = Int32(truncatingIfNeeded: column)
        if !isNull(column), let start = pq.functions.getvalue(result, place, index) {
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(pq.functions.getlength(result, place, index)))
            if let value = make(pq.functions.ftype(result, index), bytes) { return value }
        }
        if misreadColumn == nil { misreadColumn = max(0, column) }
        return nil
    }

    private func integer(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) -> Int64? {
        switch type {
        case PostgresType.int8: Int64(truncatingIfNeeded: bytes.number())
        case PostgresType.xid8: Int64(exactly: bytes.number())
        case PostgresType.int4: Int64(Int32(truncatingIfNeeded: bytes.number()))
        case PostgresType.int2: Int64(Int16(truncatingIfNeeded: bytes.number()))
        case PostgresType.oid, PostgresType.bool: Int64(bytes.number())
        case PostgresType.numeric: PostgresNumeric(bytes)?.integer
        default: nil
        }
    }

    private func real(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) -> Double? {
        switch type {
        case PostgresType.float8: Double(bitPattern: bytes.number())
        case PostgresType.float4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bytes.number())))
        case PostgresType.numeric: PostgresNumeric(bytes)?.real
        default: integer(type, bytes).map(Double.init)
        }
    }

    private func text(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) -> String? {
        PostgresType.isText(type) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private func blob(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        type == PostgresType.bytea ? [UInt8](bytes) : nil
    }
}

extension UnsafeRawBufferPointer {
    /// All bytes as one number, the highest first.
    fileprivate func number() -> UInt64 {
        reduce(0) { $0 << 8 | UInt64($1) }
    }
}
