/// The ids that a request names, in the fields that the contract gives an `id_prefix`. What is no id of its field's kind is
/// left out: it may be anything, a person's name too.
public struct NamedIDs: Hashable, Sendable {
    /// More than this many are not kept, so that all fit into a line of the log.
    static let most = 7

    public private(set) var all: [String] = []

    public init() {}

    public mutating func note(_ id: String?, prefix: StaticString) {
        guard let id, all.count < Self.most, RecordIDShape.isID(id, prefix: prefix) else { return }
        all.append(id)
    }

    public mutating func note(each ids: some Collection<String>, prefix: StaticString) {
        for id in ids.prefix(Self.most) { note(id, prefix: prefix) }
    }
}
