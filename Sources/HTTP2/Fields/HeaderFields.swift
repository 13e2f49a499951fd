/// One field of a header or of trailers. Names are in lower case, as HTTP/2 has them.
public struct HeaderField: Sendable, Hashable {
    public let name: String
    public let value: String
    /// Whether it goes into the reader's table, because it will be sent again.
    public let isRepeated: Bool

    public init(_ name: String, _ value: String, isRepeated: Bool = true) {
        self.name = name
        self.value = value
        self.isRepeated = isRepeated
    }

    /// What it counts towards the size of a list or a table (RFC 7541, 4.1).
    var cost: Int { name.utf8.count + value.utf8.count + 32 }
}

/// The fields of a header or of trailers, in their order.
public struct HeaderFields: Sendable, Hashable {
    private var fields: [HeaderField] = []

    public init() {}

    public mutating func reserveCapacity(_ count: Int) {
        fields.reserveCapacity(count)
    }

    /// - Parameter isRepeated: it will be sent again, on the same connection.
    public mutating func add(_ name: String, _ value: String, isRepeated: Bool = true) {
        fields.append(HeaderField(name, value, isRepeated: isRepeated))
    }

    mutating func add(_ field: HeaderField) {
        fields.append(field)
    }

    /// The first value under a name.
    public func first(_ name: String) -> String? {
        for field in fields where field.name == name { return field.value }
        return nil
    }
}

extension HeaderFields: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { fields.count }
    public subscript(position: Int) -> HeaderField { fields[position] }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }
}
