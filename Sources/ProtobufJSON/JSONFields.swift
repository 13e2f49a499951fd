/// The fields of a message, as JSON names them.
public struct JSONFields: Sendable {
    public struct Entry: Sendable {
        public let number: Int32
        /// As the contract writes it: `patient_id`.
        public let name: StaticString
        /// In the proto3 JSON mapping: `patientId`.
        public let camel: StaticString

        public init(_ number: Int32, _ name: StaticString, _ camel: StaticString) {
            self.number = number
            self.name = name
            self.camel = camel
        }

        public init(_ number: Int32, _ name: StaticString) {
            self.init(number, name, name)
        }
    }

    let entries: [Entry]

    public init(_ entries: [Entry]) {
        self.entries = entries
    }
}

/// Where the reading of an object stands: which fields it has met.
public struct JSONFieldCursor {
    let fields: JSONFields
    /// The field after the last one met: most documents follow the contract's order.
    private var expected = 0
    private var isFirst = true
    private var visited: UInt64 = 0
    private var visitedBeyond: Set<Int> = []

    init(_ fields: JSONFields) {
        self.fields = fields
    }

    mutating func takesFirst() -> Bool {
        defer { isFirst = false }
        return isFirst
    }

    /// Notes a field; false where it has been met before.
    mutating func visit(_ position: Int) -> Bool {
        expected = position + 1
        guard position < 64 else { return visitedBeyond.insert(position).inserted }
        let bit: UInt64 = 1 << UInt64(position)
        defer { visited |= bit }
        return visited & bit == 0
    }

    func position(of key: UnsafeBufferPointer<UInt8>, contractNamesOnly: Bool) -> Int? {
        let entries = fields.entries
        if expected < entries.count, entries[expected].isNamed(key, contractNamesOnly) { return expected }
        return entries.firstIndex { $0.isNamed(key, contractNamesOnly) }
    }
}

extension JSONFields.Entry {
    fileprivate func isNamed(_ key: UnsafeBufferPointer<UInt8>, _ contractNamesOnly: Bool) -> Bool {
        name.equals(key) || (!contractNamesOnly && camel.equals(key))
    }
}

extension StaticString {
    func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard utf8CodeUnitCount == bytes.count else { return false }
        return (0..<bytes.count).allSatisfy { utf8Start[$0] == bytes[$0] }
    }
}
