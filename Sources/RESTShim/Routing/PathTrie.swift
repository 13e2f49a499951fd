/// Finds what stands at a path. A literal goes before a parameter.
struct PathTrie<Value: Sendable>: Sendable {
    /// A segment of a path that is registered.
    enum Segment {
        case literal(String)
        case parameter
    }

    struct Match {
        let value: Value
        /// What stood in the places of the parameters, in their order.
        let parameters: [String]
    }

    private struct Node: Sendable {
        var value: Value?
        var literals: [(name: String, node: Node)] = []
        /// Holds one node, or none.
        var parameter: [Node] = []
    }

    private var root = Node()

    /// Registers or changes the value at a path.
    mutating func update(_ path: [Segment], _ change: (inout Value?) -> Void) {
        PathTrie.update(&root, path[...], change)
    }

    private static func update(_ node: inout Node, _ path: ArraySlice<Segment>, _ change: (inout Value?) -> Void) {
        guard let first = path.first else { return change(&node.value) }
        switch first {
        case .literal(let name):
            let index = node.literals.firstIndex { $0.name == name } ?? node.literals.endIndex
            if index == node.literals.endIndex { node.literals.append((name, Node())) }
            update(&node.literals[index].node, path.dropFirst(), change)
        case .parameter:
            if node.parameter.isEmpty { node.parameter.append(Node()) }
            update(&node.parameter[0], path.dropFirst(), change)
        }
    }

    func match(_ segments: [String]) -> Match? {
        var parameters: [String] = []
        guard let value = PathTrie.find(root, segments[...], &parameters) else { return nil }
        return Match(value: value, parameters: parameters)
    }

    private static func find(_ node: Node, _ segments: ArraySlice<String>, _ parameters: inout [String]) -> Value? {
        guard let first = segments.first else { return node.value }
        if let literal = node.literals.first(where: { $0.name == first }),
            let value = find(literal.node, segments.dropFirst(), &parameters)
        {
            return value
        }
        guard let next = node.parameter.first, !first.isEmpty else { return nil }
        parameters.append(first)
        if let value = find(next, segments.dropFirst(), &parameters) { return value }
        parameters.removeLast()
        return nil
    }
}
