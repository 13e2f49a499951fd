/// What other systems have written beside a trace (W3C Trace Context, `tracestate`). It is passed on as it came, and not read.
public enum TraceState {
    /// What has to be passed on at least, and is at most.
    static let longest = 512
    private static let mostMembers = 32
    /// Where it is too long, those longer than this go first.
    private static let longMember = 128

    /// A list that may be cut over several fields, as one: `vendor=value,other=value`. Nil where there is nothing, or one of its
    /// members is none, or there are more than 32: then nothing of it is passed on. What is longer than 512 characters loses
    /// members, long ones first and then the last ones.
    public static func bounded(_ text: String) -> String? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: true).map { $0.drop(while: isSpace).trimmingLast(where: isSpace) }
        var members = parts.filter { !$0.isEmpty }
        guard !members.isEmpty, members.count <= mostMembers, members.allSatisfy(isMember) else { return nil }
        guard Set(members.map { $0.prefix { $0 != "=" } }).count == members.count else { return nil }
        if length(of: members) > longest { members.removeAll { $0.utf8.count > longMember } }
        while length(of: members) > longest { members.removeLast() }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    private static func length(of members: [Substring]) -> Int {
        members.reduce(max(0, members.count - 1)) { $0 + $1.utf8.count }
    }

    private static func isMember(_ member: Substring) -> Bool {
        guard let equals = member.firstIndex(of: "=") else { return false }
        let (key, value) = (member[..<equals].utf8, member[member.index(after: equals)...].utf8)
        guard let first = key.first, key.count <= 256, (0x61...0x7A).contains(first) || (0x30...0x39).contains(first) else { return false }
        guard key.allSatisfy(isKeyByte), (1...256).contains(value.count) else { return false }
        return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x2C && $0 != 0x3D }
    }

    /// Lower-case letters, digits and `_-*/@`.
    private static func isKeyByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x5F, 0x2D, 0x2A, 0x2F, 0x40].contains(byte)
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
}

extension Substring {
    fileprivate func trimmingLast(where isOut: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isOut(last) { rest.removeLast() }
        return rest
    }
}
