import PlainText

/// What whoever imports a file has asked for, beside the file.
public struct ImportOptions: Sendable {
    /// What becomes of a visit of the past that says it is still to come.
    public enum PastScheduled: String, CaseIterable, Sendable {
        case noShow = "NO_SHOW"
        case completed = "COMPLETED"
        case refused
    }

    /// The system that the file comes from: its ids mean something there alone.
    public var source: String
    /// Everything is checked and answered, nothing is stored.
    public var isDryRun: Bool
    /// Records that are there and say something else are changed.
    public var updates: Bool
    /// A person is created although somebody like that is there and nothing tells the two apart.
    public var allowsDuplicates: Bool
    public var pastScheduled: PastScheduled

    public init(
        source: String = "default", isDryRun: Bool = false, updates: Bool = false, allowsDuplicates: Bool = false,
        pastScheduled: PastScheduled = .refused
    ) {
        self.source = source
        self.isDryRun = isDryRun
        self.updates = updates
        self.allowsDuplicates = allowsDuplicates
        self.pastScheduled = pastScheduled
    }

    /// Whether a text can name a system.
    public static func isSource(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isSourceByte)
    }

    private static func isSourceByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// What stands in every request of a kind, beside what its row says.
    func members(for kind: ImportKind) -> [JSONMember] {
        var members: [JSONMember] = []
        if isDryRun { members.append(JSONMember("validate_only", true)) }
        if updates, kind.canUpdate { members.append(JSONMember("update", true)) }
        if allowsDuplicates, kind.canBeDuplicates { members.append(JSONMember("allow_duplicate", true)) }
        if kind == .appointments, pastScheduled != .refused {
            members.append(JSONMember("past_scheduled", .string(pastScheduled.rawValue)))
        }
        return members
    }
}
