/// What one process of a service tells the others: events of which types it has committed.
struct OutboxNews: Equatable {
    /// The channel that it was sent over, which need not hear it.
    let sender: String
    let types: Set<String>

    /// As it crosses the wire.
    var text: String { "\(sender) \(types.sorted().joined(separator: " "))" }

    init(sender: String, types: Set<String>) {
        self.sender = sender
        self.types = types
    }

    init(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        sender = words.first ?? ""
        types = Set(words.dropFirst())
    }
}
