import Foundation

/// Standard output for very many lines. They are written many at once; where that fails, because the disk is full or the reader has
/// gone, there is an error: what is cut off must not be taken for the whole.
struct LineOutput {
    private static let bytesAtOnce = 65_536

    private var waiting: [UInt8] = []

    mutating func add(_ line: String) throws {
        waiting.append(contentsOf: line.utf8)
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count >= Self.bytesAtOnce { try flush() }
    }

    /// Writes what waits.
    mutating func flush() throws {
        try FileHandle.standardOutput.write(contentsOf: waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
