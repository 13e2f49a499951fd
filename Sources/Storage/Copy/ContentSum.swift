import Crypto

/// How many rows a table has, and a sum of what is in them, whatever their order: the SHA-256 of each row, added up.
public struct ContentSum: Hashable, Sendable {
    public private(set) var rows = 0
    private var sum = SIMD4<UInt64>()

    mutating func add(_ row: [SQLValue]) {
        var hash = SHA256()
        for value in row { hash.update(value) }
        rows += 1
        hash.finalize().withUnsafeBytes { sum &+= $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }
}

extension SHA256 {
    /// Each value with its kind and length, so that no two rows are told alike. Integers and truth are stored alike by all
    /// engines, and so are 1 and 1.0 not.
    mutating func update(_ value: SQLValue) {
        switch value {
        case .null: update(kind: 0, [])
        case .integer(let number): update(kind: 1, withUnsafeBytes(of: number.littleEndian) { Array($0) })
        case .real(let number): update(kind: 2, withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) })
        case .text(let text): update(kind: 3, Array(text.utf8))
        case .blob(let bytes): update(kind: 4, bytes)
        }
    }

    private mutating func update(kind: UInt8, _ bytes: [UInt8]) {
        update(data: [kind] + withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) })
        update(data: bytes)
    }
}
