public import CProtobufC
public import CWire

/// The memory in which C messages live while one is encoded or decoded.
public struct MessageArena {
    public let memory: UnsafeMutablePointer<hms_arena>

    @inlinable
    init(memory: UnsafeMutablePointer<hms_arena>) {
        self.memory = memory
    }

    /// Room for a message: its struct, empty but for its descriptor. Every such struct begins with libprotobuf-c's.
    @inlinable
    public func place<CMessage>(for descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> UnsafeMutablePointer<CMessage> {
        let start: UnsafeMutableRawPointer = hms_arena_demand(memory, MemoryLayout<CMessage>.size)
        start.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor = descriptor
        return start.bindMemory(to: CMessage.self, capacity: 1)
    }

    /// A copy of `text`, with its length.
    @inlinable
    public func copy(_ text: String) -> ProtobufCBinaryData {
        let copied = text.utf8.withContiguousStorageIfAvailable { hms_arena_copy(memory, $0.baseAddress, $0.count) }
        return copied ?? copy(Array(text.utf8))
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
        for index in elements.indices { (array + index).initialize(to: convert(elements[index])) }
        return array
    }
}

/// One use of the thread's arena; a use inside another ends before it. Never kept across a suspension.
@usableFromInline
struct ArenaUse {
    @usableFromInline let arena: MessageArena
    @usableFromInline let mark: hms_arena_mark

    @inlinable
    init(budget: Int) {
        let memory: UnsafeMutablePointer<hms_arena> = hms_arena_of_thread()
        arena = MessageArena(memory: memory)
        mark = hms_arena_begin(memory, budget)
    }

    @inlinable
    func end() {
        hms_arena_end(arena.memory, mark)
    }
}
