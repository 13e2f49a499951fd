/// A head of a chain that is written down elsewhere.
public struct AuditAnchor: Hashable, Sendable {
    public let head: AuditHead
    /// When the entry at that place was recorded, in UTC milliseconds: it may be forgotten when it is old, and not before. Nil where
    /// nobody has told.
    public let recordedAt: Int64?

    public init(_ head: AuditHead, recordedAt: Int64? = nil) {
        self.head = head
        self.recordedAt = recordedAt
    }
}

extension Reader {
    /// Where the chain ends, to be written down elsewhere.
    public func auditAnchor() throws -> AuditAnchor {
        let head = try auditHead()
        let recordedAt = try row(
            "SELECT a.recorded_at FROM hms_audit_chain c JOIN hms_audit a ON a.sequence = c.sequence WHERE c.place = ?",
            [.integer(head.place)]
        ) { $0.int64(0) }
        return AuditAnchor(head, recordedAt: recordedAt)
    }
}

/// An anchor, and when it was written down.
public struct WrittenAnchor: Hashable, Sendable {
    public let anchor: AuditAnchor
    /// UTC milliseconds; nil where nobody has told.
    public let writtenAt: Int64?

    public init(_ anchor: AuditAnchor, writtenAt: Int64?) {
        self.anchor = anchor
        self.writtenAt = writtenAt
    }
}
