/// Where bytes go, piece by piece.
protocol ByteSink: AnyObject {
    func write(_ bytes: [UInt8]) throws
    /// Writes what it has kept, and what ends it.
    func finish() throws
}

/// Where bytes come from, piece by piece.
protocol ByteSource: AnyObject {
    /// Some more; none at the end.
    func read() throws -> [UInt8]
}
