/// The name of an entry: what it is of, with the versions of the entries' format and of the contract that its value is in.
///
/// Nobody's name, mail or telephone number may stand in one.
public struct CacheKey: Hashable, Sendable {
    /// Rises with every change of ``CacheEntry``'s layout.
    private static let format = 1

    let text: String

    /// - Parameters:
    ///   - contract: the package of the message that the value is: `hms.doctor.v1`.
    ///   - parts: what the entry is of. A part may hold any character: how long each is stands before it.
    public init(_ contract: String, _ parts: String...) {
        text = "hms:\(Self.format):\(contract)" + parts.map { ":\($0.utf8.count)=\($0)" }.joined()
    }
}
