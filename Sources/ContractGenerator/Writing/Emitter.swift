/// Makes one kind of file from a contract.
public protocol Emitter: Sendable {
    func files(for contract: Contract) throws -> [GeneratedFile]
}

/// What a contract can't be generated for, in words for its author.
public struct GenerationError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
