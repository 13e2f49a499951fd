/// An entity tag (RFC 9110, 8.8.3). A resource's is its version in quotes.
struct EntityTag: Hashable {
    /// What stands between the quotes.
    let opaque: Substring
    let isWeak: Bool

    static func text(version: Int64) -> String { "\"\(version)\"" }

    /// The version that a strong tag names; nil for a tag that we never gave out.
    var version: Int64? {
        guard !isWeak, let version = Int64(opaque), version >= 0, String(version) == opaque else { return nil }
        return version
    }
}

/// The value of If-Match or If-None-Match: `*`, or tags between commas.
enum EntityTagCondition: Hashable {
    case any
    case tags([EntityTag])

    /// Nil where the field can't be read.
    init?(_ field: String) {
        var rest = field[...]
        rest.trimSpaces()
        if rest == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        while !rest.isEmpty {
            if rest.first != "," {
                guard let tag = EntityTag(takingFrom: &rest) else { return nil }
                tags.append(tag)
                rest.trimSpaces()
                guard rest.isEmpty || rest.first == "," else { return nil }
            }
            rest = rest.dropFirst()
            rest.trimSpaces()
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    /// Weak comparison, as If-None-Match wants it: only what stands between the quotes counts.
    func matchesWeakly(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { "\"\($0.opaque)\"" == tag }
        }
    }

    /// Strong comparison, as If-Match wants it. What has no tag matches `*` only.
    func matchesStrongly(_ tag: String?) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { !$0.isWeak && "\"\($0.opaque)\"" == tag }
        }
    }
}

extension EntityTag {
    fileprivate init?(takingFrom rest: inout Substring) {
        isWeak = rest.hasPrefix("W/")
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.first == "\"" else { return nil }
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        opaque = rest[..<end]
        guard opaque.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        rest = rest[rest.index(after: end)...]
    }
}

extension Substring {
    fileprivate mutating func trimSpaces() {
        self = drop { $0 == " " || $0 == "\t" }
        while let last, last == " " || last == "\t" { removeLast() }
    }
}
