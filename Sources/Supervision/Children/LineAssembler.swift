/// Cuts a stream of bytes into whole lines.
struct LineAssembler {
    private var pending: [UInt8] = []
    private let limitBytes: Int
    private static let lineFeed = UInt8(ascii: "\n")

    /// - Parameter limitBytes: a line that is longer is cut there.
    init(limitBytes: Int = 8 * 1024) {
        self.limitBytes = limitBytes
    }

    /// The lines that these bytes complete, without their line breaks.
    mutating func add(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == Self.lineFeed || pending.count == limitBytes {
                lines.append(pending)
                pending.removeAll(keepingCapacity: true)
            }
            if byte != Self.lineFeed { pending.append(byte) }
        }
        return lines
    }

    /// What came after the last line break.
    mutating func rest() -> [UInt8]? {
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
    }
}
