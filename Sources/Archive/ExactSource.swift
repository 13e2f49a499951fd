/// Gives as many bytes as are asked for.
final class ExactSource: ByteSource {
    private let source: any ByteSource
    private var waiting: ArraySlice<UInt8> = []

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// - Throws: ``ArchiveError/unsound(_:)`` where there are not so many.
    func bytes(_ count: Int) throws -> [UInt8] {
        let bytes = try peek(count)
        guard bytes.count == count else { throw ArchiveError.unsound("it ends too early") }
        waiting = waiting.dropFirst(count)
        return bytes
    }

    /// The next bytes, which stay; fewer at the end.
    func peek(_ count: Int) throws -> [UInt8] {
        while waiting.count < count {
            let more = try source.read()
            if more.isEmpty { break }
            waiting = waiting + more
        }
        return Array(waiting.prefix(count))
    }

    func read() throws -> [UInt8] {
        if waiting.isEmpty { return try source.read() }
        defer { waiting = [] }
        return Array(waiting)
    }
}
