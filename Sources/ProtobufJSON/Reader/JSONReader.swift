/// Reads one JSON document from memory in a single pass, without building a tree.
///
/// Strict on purpose: UTF-8 is checked, keys may not repeat, numbers are exact, and nesting is bounded, so that hostile input
/// costs time in proportion to its length and nothing else. Errors name the field and never hold a value.
public struct JSONReader: ~Copyable {
    public let options: JSONOptions
    /// The keys that the outermost object holds, by contract name, where they are asked for: what a PATCH changes.
    public internal(set) var presentNames: [String] = []

    let bytes: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte.
    var place = 0
    /// True after a value that unknown-tolerant reading passed over.
    @usableFromInline var skippedValue = false
    /// The depth at which `@type` is no field: inside a google.protobuf.Any.
    var depthOfAny: Int?

    let collectsNames: Bool
    private(set) var depth = 0
    var cursor = JSONObjectCursor()
    var field: StaticString?
    var index: Int?
    var outerSteps: [(field: StaticString?, index: Int?)] = []

    /// Reads from bytes that must stay valid while the reader is in use.
    public init(_ bytes: UnsafeRawBufferPointer, options: JSONOptions, collectsNames: Bool = false) {
        self.bytes = bytes.assumingMemoryBound(to: UInt8.self)
        self.options = options
        self.collectsNames = collectsNames
    }

    /// Refuses whatever follows the document.
    public mutating func finish() throws {
        skipSpace()
        guard place == bytes.count else { throw malformed() }
    }

    // MARK: Errors

    /// The error that says what is wrong with the field being read.
    public func mistake(_ message: String) -> JSONDecodingError {
        JSONDecodingError(field: path, message: message)
    }

    func malformed() -> JSONDecodingError {
        mistake(place < bytes.count ? "is not valid JSON at byte \(place)" : "ends too early")
    }

    /// The path of the field that is being read.
    private var path: String { path(of: outerSteps + [(field, index)]) }

    /// The path of the object that is being read.
    var outerPath: String { path(of: outerSteps) }

    private func path(of steps: [(field: StaticString?, index: Int?)]) -> String {
        steps.compactMap { step in
            step.field.map { name in step.index.map { "\(name)[\($0)]" } ?? "\(name)" }
        }.joined(separator: ".")
    }

    // MARK: Bytes

    /// The next byte, or 0 at the end, which JSON has no use for.
    var next: UInt8 { place < bytes.count ? bytes[place] : 0 }

    mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): place += 1
            default: return
            }
        }
    }

    /// The first byte of the next token.
    mutating func peek() -> UInt8 {
        skipSpace()
        return next
    }

    mutating func expect(_ byte: UInt8) throws {
        guard peek() == byte else { throw malformed() }
        place += 1
    }

    mutating func expect(word: StaticString) throws {
        let length = word.utf8CodeUnitCount
        guard bytes.count - place >= length, (0..<length).allSatisfy({ bytes[place + $0] == word.utf8Start[$0] }) else { throw malformed() }
        place += length
    }

    /// Takes a `null`, where one is next.
    public mutating func readNull() throws -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try expect(word: "null")
        return true
    }

    // MARK: Structure

    /// Enters an object or array.
    mutating func enter() throws {
        guard depth < options.depthLimit else { throw mistake("is nested too deeply") }
        depth += 1
        place += 1
    }

    /// Goes to the next key or element; false at the end, which it takes.
    @usableFromInline mutating func nextElement(isFirst: Bool, end: UInt8) throws -> Bool {
        let byte = peek()
        if byte == end {
            place += 1
            depth -= 1
            return false
        }
        guard !isFirst else { return true }
        try expect(UInt8(ascii: ","))
        guard peek() != end else { throw malformed() }
        return true
    }

    @usableFromInline mutating func openArray() throws {
        guard peek() == UInt8(ascii: "[") else { throw mistake("must be a list") }
        try enter()
    }

    /// Enters an object whose keys are data.
    @usableFromInline mutating func openMap() throws {
        guard peek() == UInt8(ascii: "{") else { throw mistake("must be an object") }
        try enter()
    }

    /// Says which element is being read, for errors; nil after the last.
    @usableFromInline mutating func mark(index: Int?) {
        self.index = index
    }

    /// The key of a map's entry, with its colon.
    @usableFromInline mutating func readMapKey<Key: JSONMapKey>(_ type: Key.Type) throws -> Key {
        let text = try readText()
        guard let key = Key(jsonKey: text) else { throw mistake("has a key of the wrong kind") }
        try expect(UInt8(ascii: ":"))
        return key
    }
}
