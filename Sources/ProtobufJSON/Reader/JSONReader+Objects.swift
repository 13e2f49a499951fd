/// How an object is read: its fields are shown to the reader, pass after pass, until its keys are used up.
extension JSONReader {
    /// Enters an object. Returns what ``closeObject(_:)`` needs.
    @usableFromInline mutating func openObject() throws -> JSONObjectCursor {
        guard peek() == UInt8(ascii: "{") else { throw mistake("must be an object") }
        try enter()
        outerSteps.append((field, index))
        field = nil
        index = nil
        let outer = cursor
        cursor = JSONObjectCursor()
        try goToKey(isFirst: true)
        return outer
    }

    @usableFromInline mutating func closeObject(_ outer: JSONObjectCursor) {
        (field, index) = outerSteps.popLast() ?? (nil, nil)
        cursor = outer
    }

    /// Whether the fields have to be shown, or shown again, because there are keys left.
    @usableFromInline mutating func beginPass() throws -> Bool {
        while true {
            if case .none = cursor.key { return false }
            if cursor.hasTaken {
                cursor.beginPass()
                return true
            }
            try skipUnknownField()
            cursor.hasTaken = true
            try goToKey(isFirst: false)
        }
    }

    /// Whether the key of this field is next. Then its value is next to be read.
    @usableFromInline mutating func take(_ key: JSONKey) throws -> Bool {
        guard cursor.meets(key, contractNamesOnly: options.usesContractNames) else { return false }
        field = key.name
        index = nil
        guard cursor.visit() else { throw mistake("is given twice") }
        if collectsNames, depth == 1 { presentNames.append("\(key.name)") }
        return true
    }

    /// Goes on behind a value.
    @usableFromInline mutating func goToNextKey() throws {
        try goToKey(isFirst: false)
    }

    /// Takes the next key and its colon, or the end of the object.
    private mutating func goToKey(isFirst: Bool) throws {
        guard try nextElement(isFirst: isFirst, end: UInt8(ascii: "}")) else {
            cursor.key = .none
            return
        }
        cursor.keyPlace = place
        let known = bytes
        cursor.key = try withText { key in
            let isPlain = key.baseAddress.flatMap { start in known.baseAddress.map { $0 <= start && start < $0 + known.count } } ?? false
            return isPlain ? .plain(key) : .escaped(Array(key))
        }
        try expect(UInt8(ascii: ":"))
    }

    private mutating func skipUnknownField() throws {
        let valuePlace = place
        place = cursor.keyPlace
        let key = try readText()
        place = valuePlace
        guard options.ignoresUnknown || (key == "@type" && depthOfAny == depth) else { throw unknownField(key) }
        try skipValue()
    }

    /// Names the key only where it looks like one: anything else might be a value in the wrong place.
    private func unknownField(_ key: String) -> JSONDecodingError {
        let isName = 1...64 ~= key.utf8.count && key.utf8.allSatisfy { $0.isNameByte }
        guard isName else { return JSONDecodingError(field: outerPath, message: "holds a field that is not known") }
        return JSONDecodingError(field: outerPath.isEmpty ? key : "\(outerPath).\(key)", message: "is not known")
    }
}

extension UInt8 {
    /// Letters, digits and what else appears in field names.
    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
