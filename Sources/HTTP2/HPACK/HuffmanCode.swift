/// HPACK's Huffman code (RFC 7541, appendix B), read four bits at a time.
///
/// The code is canonical: codes of one length rise with their symbols, and shorter ones come first. So the lengths say everything.
enum HuffmanCode {
    /// What four bits lead to.
    private struct Step {
        var next: UInt8 = 0
        var symbol: UInt8?
        /// The bits spell the symbol that ends nothing, and may not be sent.
        var isFault = false
    }

    /// Where a text stands between two symbols: in a node of the code's tree.
    private struct Node {
        var children: (Int?, Int?) = (nil, nil)
        /// What has been read since the last symbol may be the padding: less than eight bits, all set.
        var isPadding = false

        mutating func set(_ isSet: Bool, _ child: Int) {
            if isSet { children.1 = child } else { children.0 = child }
        }
    }

    /// Appends what `bytes` spell.
    ///
    /// - Returns: false where they spell nothing.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]) -> Bool {
        var state = 0
        for position in range {
            let byte = bytes[position]
            for half in [byte >> 4, byte & 15] {
                let step = steps[state << 4 | Int(half)]
                guard !step.isFault else { return false }
                if let symbol = step.symbol { text.append(symbol) }
                state = Int(step.next)
            }
        }
        return isPadding[state]
    }

    private static let steps = tables.steps
    private static let isPadding = tables.isPadding

    private static let tables: (steps: [Step], isPadding: [Bool]) = {
        let (nodes, leaves) = tree
        var steps: [Step] = []
        for node in nodes.indices {
            for bits in 0..<16 { steps.append(step(from: node, bits, nodes, leaves)) }
        }
        return (steps, nodes.map(\.isPadding))
    }()

    /// No code is shorter than five bits: four complete one symbol at most.
    private static func step(from node: Int, _ bits: Int, _ nodes: [Node], _ leaves: [Int: Int]) -> Step {
        var step = Step()
        var place = node
        for shift in [3, 2, 1, 0] {
            let isSet = bits >> shift & 1 == 1
            guard let child = isSet ? nodes[place].children.1 : nodes[place].children.0 else {
                step.isFault = true
                return step
            }
            place = child
            guard let symbol = leaves[child] else { continue }
            guard symbol < 256 else {
                step.isFault = true
                return step
            }
            step.symbol = UInt8(symbol)
            place = 0
        }
        step.next = UInt8(place)
        return step
    }

    /// Inner nodes have the lower numbers, 0 is the root; leaves have those from 1000 on, and their symbols.
    private static var tree: (nodes: [Node], leaves: [Int: Int]) {
        var nodes = [Node(isPadding: true)]
        var leaves: [Int: Int] = [:]
        for (symbol, code) in codes.enumerated() {
            var place = 0
            for depth in 1...lengths[symbol] {
                let isSet = code >> (lengths[symbol] - depth) & 1 == 1
                if depth == lengths[symbol] {
                    leaves[1000 + symbol] = symbol
                    nodes[place].set(isSet, 1000 + symbol)
                } else if let known = isSet ? nodes[place].children.1 : nodes[place].children.0 {
                    place = known
                } else {
                    nodes.append(Node(isPadding: isSet && nodes[place].isPadding && depth < 8))
                    nodes[place].set(isSet, nodes.count - 1)
                    place = nodes.count - 1
                }
            }
        }
        return (nodes, leaves)
    }

    private static var codes: [Int] {
        var codes = [Int](repeating: 0, count: lengths.count)
        var (code, length) = (0, 0)
        for symbol in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) }) {
            code <<= lengths[symbol] - length
            length = lengths[symbol]
            codes[symbol] = code
            code += 1
        }
        return codes
    }

    /// How many bits each byte takes, and at last the symbol that ends nothing.
    private static let lengths = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]
}
