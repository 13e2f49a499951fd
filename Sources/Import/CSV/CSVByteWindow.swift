/// The part of the file that is being read: from the record under way to the end of the last chunk.
struct CSVByteWindow {
    private var buffer: [UInt8] = []
    private let lineBreak: UInt8
    private let nextChunk: () throws -> [UInt8]
    private var ended = false
    /// The first byte that has not been read yet.
    var position = 0

    init(lineBreak: UInt8, nextChunk: @escaping () throws -> [UInt8]) {
        self.lineBreak = lineBreak
        self.nextChunk = nextChunk
    }

    /// The byte at an index of the window, reading on where it is not there yet; nil behind the end of the file.
    mutating func byte(at index: Int) throws -> UInt8? {
        while index >= buffer.count {
            guard try fill() else { return nil }
        }
        return buffer[index]
    }

    /// The bytes from `position` to the end of a record, without its line break.
    func record(to end: Int) -> [UInt8] {
        var bytes = buffer[position..<end]
        if bytes.last == lineBreak { bytes.removeLast() }
        if bytes.last == ASCII.carriageReturn { bytes.removeLast() }
        return Array(bytes)
    }

    /// Lets go of the bytes before `position`; indices count from there afterwards.
    mutating func forgetRead() {
        guard position >= 64 * 1024 || position == buffer.count else { return }
        buffer.removeFirst(position)
        position = 0
    }

    mutating func skipByteOrderMark() throws {
        let first = try byte(at: 0)
        let second = try byte(at: 1)
        if (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF) { throw CSVEncodingError() }
        if first == 0xEF, second == 0xBB, try byte(at: 2) == 0xBF { position = 3 }
    }

    /// Moves behind the next line break, keeping at most so many of the bytes before it.
    mutating func takeLine(keeping limit: Int) throws -> [UInt8] {
        var kept: [UInt8] = []
        while let byte = try byte(at: position), byte != lineBreak {
            if kept.count < limit { kept.append(byte) }
            position += 1
            if position >= 1024 * 1024 { forgetRead() }
        }
        position = min(position + 1, buffer.count)
        if kept.last == ASCII.carriageReturn { kept.removeLast() }
        return kept
    }

    private mutating func fill() throws -> Bool {
        guard !ended else { return false }
        let chunk = try nextChunk()
        ended = chunk.isEmpty
        buffer += chunk
        return !ended
    }
}

/// The file is not UTF-8 at all but UTF-16, as its first bytes say.
public struct CSVEncodingError: Error, CustomStringConvertible {
    public var description: String { "the file is UTF-16; save it as UTF-8" }
}
