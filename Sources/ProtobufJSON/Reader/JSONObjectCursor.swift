/// Where the reading of an object stands. Its fields are shown in passes, in the order of the contract: a document in that order
/// takes one.
@usableFromInline struct JSONObjectCursor {
    /// The key that is next: its bytes, unless it is escaped; none at the end of the object.
    enum Key {
        case none
        case plain(UnsafeBufferPointer<UInt8>)
        case escaped([UInt8])
    }

    var key = Key.none
    /// Where the key begins.
    var keyPlace = 0
    /// Whether the pass has met the key of a field; a key that a whole pass didn't meet is unknown.
    var hasTaken = true
    /// How many fields the pass has shown.
    private var position = 0
    private var visited: UInt64 = 0
    private var visitedBeyond: Set<Int> = []

    mutating func beginPass() {
        position = 0
        hasTaken = false
    }

    /// Whether the next field to be shown is the one whose key is next.
    mutating func meets(_ field: JSONKey, contractNamesOnly: Bool) -> Bool {
        position += 1
        switch key {
        case .none: return false
        case .plain(let bytes): return field.isSpelled(bytes, contractNamesOnly)
        case .escaped(let bytes): return bytes.withUnsafeBufferPointer { field.isSpelled($0, contractNamesOnly) }
        }
    }

    /// Notes the field that was shown last; false where it has been met before.
    mutating func visit() -> Bool {
        hasTaken = true
        guard position < 64 else { return visitedBeyond.insert(position).inserted }
        let bit: UInt64 = 1 << UInt64(position)
        defer { visited |= bit }
        return visited & bit == 0
    }
}

extension JSONKey {
    fileprivate func isSpelled(_ bytes: UnsafeBufferPointer<UInt8>, _ contractNamesOnly: Bool) -> Bool {
        name.equals(bytes) || (!contractNamesOnly && camel.equals(bytes))
    }
}

extension StaticString {
    func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard utf8CodeUnitCount == bytes.count else { return false }
        return (0..<bytes.count).allSatisfy { utf8Start[$0] == bytes[$0] }
    }
}
