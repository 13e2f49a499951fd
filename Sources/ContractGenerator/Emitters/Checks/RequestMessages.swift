/// Which messages a caller may send: what methods take, and what that holds. Nothing else is checked: an answer is the
/// service's own.
struct RequestMessages {
    private let names: Set<String>

    init(_ contract: Contract) {
        var names: Set<String> = []
        var open = contract.services.flatMap(\.methods).map(\.input.fullName)
        while let name = open.popLast() {
            guard let message = contract.messages[name], names.insert(name).inserted else { continue }
            open += message.fields.compactMap(\.checkedMessage)
        }
        self.names = names
    }

    func contains(_ message: MessageModel) -> Bool { names.contains(message.fullName) }
}
