/// White space at either end of a text of a request, whatever Unicode counts as that, is no part of it. It is taken off before
/// anything is checked, so that what is checked, stored and answered is the same.
extension String {
    @usableFromInline mutating func trimOuterSpace() {
        if hasOuterSpace { self = withoutOuterSpace }
    }

    /// Most texts have none, and the first and the last byte tell.
    fileprivate var hasOuterSpace: Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        guard first < 0x80, last < 0x80 else {
            return unicodeScalars.first?.properties.isWhitespace == true || unicodeScalars.last?.properties.isWhitespace == true
        }
        return first.isASCIISpace || last.isASCIISpace
    }

    var withoutOuterSpace: String {
        guard hasOuterSpace else { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}

extension UInt8 {
    fileprivate var isASCIISpace: Bool { self == 0x20 || 0x09...0x0D ~= self }
}
