/// Writes one JSON document into one growing run of bytes.
///
/// Whether a comma is due is read off the last byte written: none is after `{`, `[` and `:`.
public struct JSONWriter: ~Copyable {
    public let options: JSONOptions
    /// The first value that has no JSON form. The document written is then of no use.
    public internal(set) var failure: JSONEncodingError?

    private var bytes: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity: Int
    private var continuesObject = false

    public init(options: JSONOptions = .api, capacity: Int = 512) {
        self.options = options
        self.capacity = max(capacity, 64)
        bytes = .allocate(capacity: self.capacity)
    }

    deinit {
        bytes.deallocate()
    }

    /// What has been written. The bytes are valid inside `body` only.
    public borrowing func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    mutating func fail(_ error: JSONEncodingError) {
        failure = failure ?? error
        append("null")
    }

    /// Writes a google.protobuf.Value's number, which JSON must have a word for.
    public mutating func appendValueNumber(_ number: Double) {
        if number.isFinite { appendDouble(number) } else { fail(.unwritableValue) }
    }

    /// Notes that a google.protobuf.Value holds nothing.
    public mutating func appendMissingValue() {
        fail(.unwritableValue)
    }

    // MARK: Structure

    public mutating func openObject() {
        if continuesObject {
            continuesObject = false
        } else {
            append(UInt8(ascii: "{"))
        }
    }

    public mutating func closeObject() { append(UInt8(ascii: "}")) }
    public mutating func openArray() { append(UInt8(ascii: "[")) }
    public mutating func closeArray() { append(UInt8(ascii: "]")) }

    /// Lets the object that `body` opens first be the one that is open already: the fields of a message inside an Any.
    mutating func continueObject(_ body: (inout JSONWriter) -> Void) {
        continuesObject = true
        body(&self)
    }

    /// Puts a comma where one is due before the next key or element.
    public mutating func separate() {
        guard count > 0 else { return }
        switch bytes[count - 1] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): return
        default: append(UInt8(ascii: ","))
        }
    }

    /// Writes a key. False where the field is personal and now masked: then its value is not written.
    public mutating func key(_ key: JSONKey) -> Bool {
        separate()
        let name = options.usesContractNames ? key.name : key.camel
        let length = name.utf8CodeUnitCount
        append(atMost: length + 3) { place in
            place[0] = UInt8(ascii: "\"")
            (place + 1).update(from: name.utf8Start, count: length)
            place[length + 1] = UInt8(ascii: "\"")
            place[length + 2] = UInt8(ascii: ":")
            return length + 3
        }
        guard key.isPersonal, options.masksPersonalFields else { return true }
        append("\"•••\"")
        return false
    }

    // MARK: Bytes

    public mutating func append(_ byte: UInt8) {
        reserve(1)
        bytes[count] = byte
        count += 1
    }

    public mutating func append(_ literal: StaticString) {
        append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
        guard let start = source.baseAddress else { return }
        reserve(source.count)
        (bytes + count).update(from: start, count: source.count)
        count += source.count
    }

    /// Gives `fill` room for `most` bytes; it answers how many of them it wrote.
    mutating func append(atMost most: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(most)
        count += fill(bytes + count)
    }

    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: bytes, count: count)
        bytes.deallocate()
        bytes = moved
        capacity = larger
    }
}

/// The name of a field in JSON, and whether its value tells of a person.
public struct JSONKey: ExpressibleByStringLiteral, Sendable {
    /// As the contract writes it: `patient_id`.
    @usableFromInline let name: StaticString
    /// In the proto3 JSON mapping: `patientId`.
    @usableFromInline let camel: StaticString
    @usableFromInline let isPersonal: Bool

    @inlinable public init(_ name: StaticString, _ camel: StaticString, personal: Bool = false) {
        self.name = name
        self.camel = camel
        isPersonal = personal
    }

    /// A field of one name in both spellings.
    @inlinable public init(stringLiteral name: StaticString) {
        self.init(name, name)
    }

    @inlinable public static func personal(_ name: StaticString) -> JSONKey {
        JSONKey(name, name, personal: true)
    }

    @inlinable public static func personal(_ name: StaticString, _ camel: StaticString) -> JSONKey {
        JSONKey(name, camel, personal: true)
    }
}
