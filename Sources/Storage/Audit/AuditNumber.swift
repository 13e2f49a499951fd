/// Which entry of a service's audit it is. Reads that were kept together have one sequence, and each its part of it.
public struct AuditNumber: Hashable, Sendable {
    public let sequence: Int64
    /// From 0; 0 for an entry that was kept by itself.
    public let part: Int

    public init(sequence: Int64, part: Int = 0) {
        self.sequence = sequence
        self.part = part
    }
}

extension AuditNumber: Comparable {
    public static func < (one: AuditNumber, other: AuditNumber) -> Bool {
        (one.sequence, one.part) < (other.sequence, other.part)
    }
}
