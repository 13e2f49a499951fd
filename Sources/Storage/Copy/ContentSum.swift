import Crypto

/// How many rows a table has, and a sum of what is in them, whatever their order: the SHA-256 of each row, added up.
public struct ContentSum: Hashable, Sendable {
    public private(set) var rows = 0
    private var sum = SIMD4<UInt64>()

    mutating func add(_ row: [SQLValue]) {
        var bytes: [UInt8] = []
        for value in row { bytes.appendForSum(value) }
        rows += 1
        SHA256.hash(data: bytes).withUnsafeBytes { sum &+= $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }
}

extension [UInt8] {
    /// Each value with its kind and length, so that no two rows are told alike. Integers and truth are stored alike by all
    /// engines, and so are 1 and 1.0 not.
    mutating func appendForSum(_ value: SQLValue) {
        switch value {
        case .null: append(kind: 0, EmptyCollection())
        case .integer(let number): Swift.withUnsafeBytes(of: number.littleEndian) { append(kind: 1, $0) }
        case .real(let number): Swift.withUnsafeBytes(of: number.bitPattern.littleEndian) { append(kind: 2, $0) }
        case .text(var text): text.withUTF8 { append(kind: 3, $0) }
        case .blob(let bytes): append(kind: 4, bytes)
        }
    }

    private mutating func append(kind: UInt8, _ bytes: some Collection<UInt8>) {
        append(kind)
        Swift.withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { append(contentsOf: $0) }
        append(contentsOf: bytes)
    }
}
