/// Why fields are no request (RFC 9113, 8.2 and 8.3): its stream ends, and not the connection.
enum HeaderFault: Error, Equatable {
    /// A letter stands in a name or a value that can't.
    case malformedField
    /// A field that belongs to a connection of HTTP/1.1.
    case connectionField
    /// A pseudo-field that is unknown, comes twice, comes late or is empty.
    case pseudoField
    /// A pseudo-field is missing.
    case incomplete
    /// `content-length` is no number, or says two.
    case contentLength

    init?(in fields: HeaderFields) {
        var check = RequestCheck()
        for field in fields {
            if let fault = check.fault(in: field) {
                self = fault
                return
            }
        }
        guard let fault = check.faultAtEnd else { return nil }
        self = fault
    }
}

/// Reads the fields of one request for what they must not say.
private struct RequestCheck {
    private var method: String?
    private var path: String?
    private var scheme: String?
    private var authority: String?
    private var contentLength: String?
    private var isPastPseudoFields = false

    mutating func fault(in field: HeaderField) -> HeaderFault? {
        if field.name.utf8.first == UInt8(ascii: ":") { return notePseudoField(field) }
        isPastPseudoFields = true
        switch field.name {
        case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade": return .connectionField
        case "te": return field.value == "trailers" ? nil : .connectionField
        case "content-length": return noteContentLength(field.value)
        default: return nil
        }
    }

    var faultAtEnd: HeaderFault? {
        guard let method else { return .incomplete }
        if method == "CONNECT" { return authority == nil ? .incomplete : scheme != nil || path != nil ? .pseudoField : nil }
        return scheme == nil || path == nil ? .incomplete : nil
    }

    private mutating func notePseudoField(_ field: HeaderField) -> HeaderFault? {
        guard !isPastPseudoFields else { return .pseudoField }
        switch field.name {
        case ":method": return note(field.value, as: \.method)
        case ":path": return note(field.value, as: \.path)
        case ":scheme": return note(field.value, as: \.scheme)
        case ":authority": return note(field.value, as: \.authority, mayBeEmpty: true)
        default: return .pseudoField
        }
    }

    private mutating func note(_ value: String, as place: WritableKeyPath<Self, String?>, mayBeEmpty: Bool = false) -> HeaderFault? {
        guard self[keyPath: place] == nil, mayBeEmpty || !value.isEmpty else { return .pseudoField }
        self[keyPath: place] = value
        return nil
    }

    private mutating func noteContentLength(_ value: String) -> HeaderFault? {
        let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) } && Int(value) != nil
        guard isNumber, contentLength == nil || contentLength == value else { return .contentLength }
        contentLength = value
        return nil
    }
}

extension HeaderFields {
    /// Whether they may stand behind a body: no pseudo-field is among them (RFC 9113, 8.1).
    var areTrailers: Bool { allSatisfy { $0.name.utf8.first != UInt8(ascii: ":") } }
}

/// Which letters a field may have (RFC 9113, 8.2.1).
enum FieldLetters {
    static func isName(_ name: String) -> Bool {
        var letters = name.utf8.makeIterator()
        guard let first = letters.next(), first == UInt8(ascii: ":") ? name.utf8.count > 1 : isToken[Int(first)] else { return false }
        while let letter = letters.next() {
            guard isToken[Int(letter)] else { return false }
        }
        return true
    }

    static func isValue(_ value: String) -> Bool {
        guard let first = value.utf8.first, let last = value.utf8.last else { return true }
        guard !isBlank(first), !isBlank(last) else { return false }
        return value.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    }

    private static func isBlank(_ letter: UInt8) -> Bool { letter == UInt8(ascii: " ") || letter == UInt8(ascii: "\t") }

    /// Letters, digits and some signs; capital letters are none.
    private static let isToken: [Bool] = (0..<256).map { code in
        let letter = UInt8(code)
        switch letter {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): return true
        default: return "!#$%&'*+-.^_`|~".utf8.contains(letter)
        }
    }
}
