/// Where a service reads what it answers at once: a database that looks up a record in microseconds.
public protocol ReadSource: Sendable {
    associatedtype Reader

    /// Reads, and waits for that where it must.
    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T

    /// Reads here and now. Nil where that can't be, and nothing was done.
    func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T?
}

/// The source of a service that keeps nothing.
public struct NothingStored: ReadSource {
    public typealias Reader = NothingStored

    public init() {}

    public func read<T: Sendable>(_ body: @escaping @Sendable (NothingStored) throws -> T) async throws -> T { try body(self) }

    public func readAtOnce<T>(_ body: (NothingStored) throws -> T) throws -> T? { try body(self) }
}
