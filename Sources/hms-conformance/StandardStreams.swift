import Foundation

/// The runner's framing on standard input and output: 4 little-endian bytes of length, then the message.
enum StandardStreams {
    /// The next frame; nil at the end of input.
    static func readFrame() throws -> [UInt8]? {
        guard let header = try read(4) else { return nil }
        let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let frame = try read(count) else { throw FrameCutShort() }
        return frame
    }

    static func writeFrame(_ frame: [UInt8]) throws {
        let header = (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (8 * $0)) }
        try FileHandle.standardOutput.write(contentsOf: header + frame)
    }

    private static func read(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = try FileHandle.standardInput.read(upToCount: count - bytes.count), !more.isEmpty else {
                if bytes.isEmpty { return nil }
                throw FrameCutShort()
            }
            bytes += more
        }
        return bytes
    }
}

/// The runner closed the input inside a frame.
struct FrameCutShort: Error {}
