public import CProtobufC
public import CWire

/// The memory in which C messages live while one is encoded or decoded.
public struct MessageArena {
    public let memory: UnsafeMutablePointer<hms_arena>

    @inlinable
    init(memory: UnsafeMutablePointer<hms_arena>) {
        self.memory = memory
    }

    /// A copy of `text`, with its length.
    @inlinable
    public func copy(_ text: String) -> ProtobufCBinaryData {
        var text = text
        return text.withUTF8 { hms_arena_copy(memory, $0.baseAddress, $0.count) }
    }

    @inlinable
    public func copy(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        bytes.withUnsafeBytes { hms_arena_copy(memory, $0.baseAddress, $0.count) }
    }

    /// The C array of a list.
    @inlinable
    public func list<Element: WireValue>(_ elements: [Element]) -> UnsafeMutablePointer<Element.CValue>? {
        list(elements) { $0.wireValue(in: self) }
    }

    /// The C array of what `convert` makes of the elements.
    @inlinable
    public func list<Element, CValue>(_ elements: [Element], _ convert: (Element) -> CValue) -> UnsafeMutablePointer<CValue>? {
        guard !elements.isEmpty else { return nil }
        let start: UnsafeMutableRawPointer = hms_arena_demand(memory, elements.count * MemoryLayout<CValue>.stride)
        let array = start.bindMemory(to: CValue.self, capacity: elements.count)
        for (index, element) in elements.enumerated() { (array + index).initialize(to: convert(element)) }
        return array
    }
}

/// One use of the thread's arena; a use inside another ends before it. Never kept across a suspension.
struct ArenaUse {
    let arena: MessageArena
    private let mark: hms_arena_mark

    init(budget: Int) {
        let memory: UnsafeMutablePointer<hms_arena> = hms_arena_of_thread()
        arena = MessageArena(memory: memory)
        mark = hms_arena_begin(memory, budget)
    }

    func end() {
        hms_arena_end(arena.memory, mark)
    }
}
