import NIOCore

/// Names and short texts that travel beside a message, kept in the form in which they travel.
///
/// Names are lower-case ASCII (`a–z 0–9 - _ .`), 1 to 255 bytes; values are UTF-8, up to 65,535 bytes. A set of more
/// than 8 KiB is refused when it is sent.
public struct Metadata: Sendable, Hashable {
    /// Entry after entry: u8 length and name, u16 length and value.
    var encoded: ByteBuffer

    public init() {
        encoded = ByteBuffer()
    }

    /// No entries yet, and room for so many bytes of them.
    public init(reservingByteCount byteCount: Int) {
        encoded = ByteBuffer()
        encoded.reserveCapacity(byteCount)
    }

    /// Takes over bytes that ``MetadataCheck`` has accepted.
    init(checked encoded: ByteBuffer) {
        self.encoded = encoded
    }

    public var isEmpty: Bool {
        encoded.readableBytes == 0
    }

    /// Bytes on the wire.
    public var byteCount: Int {
        encoded.readableBytes
    }

    /// The value of `name`, which is written in lower case. Setting nil removes it; a name or value that can't travel
    /// is left out.
    public subscript(name: String) -> String? {
        get {
            var found: String?
            scan { entry in
                guard entry.isNamed(name) else { return true }
                found = entry.value
                return false
            }
            return found
        }
        set {
            remove(name)
            if let newValue { append(name, newValue) }
        }
    }

    /// The value of `name` where it stands, not copied.
    func bytes(of name: String) -> ByteBuffer? {
        var found: ByteBuffer?
        scan { entry in
            guard entry.isNamed(name) else { return true }
            found = encoded.getSlice(at: encoded.readerIndex + entry.valueStart, length: entry.valueBytes.count)
            return false
        }
        return found
    }

    /// Whether there is an entry of that name; cheaper than reading it.
    public func contains(_ name: String) -> Bool {
        var found = false
        scan { entry in
            found = entry.isNamed(name)
            return !found
        }
        return found
    }

    /// Adds every entry of `other`, replacing those of the same name.
    public mutating func merge(_ other: Metadata) {
        guard !other.isEmpty else { return }
        for (name, value) in other { self[name] = value }
    }

    private mutating func remove(_ name: String) {
        guard contains(name) else { return }
        var kept = Metadata()
        for entry in self where entry.name != name { kept.append(entry.name, entry.value) }
        self = kept
    }

    private mutating func append(_ name: String, _ value: String) {
        let (nameLength, valueLength) = (name.utf8.count, value.utf8.count)
        guard (1...255).contains(nameLength), valueLength <= 65_535, name.utf8.allSatisfy(Metadata.isNameByte) else { return }
        encoded.writeInteger(UInt8(nameLength))
        encoded.writeString(name)
        encoded.writeInteger(UInt16(valueLength))
        encoded.writeString(value)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension Metadata: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { self[name] = value }
    }
}

extension Metadata: Sequence {
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        var entries: [(name: String, value: String)] = []
        scan { entry in
            entries.append((entry.name, entry.value))
            return true
        }
        return entries.makeIterator()
    }
}

extension Metadata: CustomStringConvertible {
    /// Names only: values may be secrets.
    public var description: String {
        "[" + map(\.name).joined(separator: ", ") + "]"
    }
}
