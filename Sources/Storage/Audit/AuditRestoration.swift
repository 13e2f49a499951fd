/// That a database was set back to an older copy of itself, as its audit tells it: what was recorded in between is not in it any more.
public struct AuditRestoration: Hashable, Sendable {
    /// The last place of the chain that the copy held. The entry that tells of this has the next one.
    public let end: Int64
    /// When the copy was made, in UTC milliseconds.
    public let archivedAt: Int64
    /// When it took the place of what was there, in UTC milliseconds.
    public let restoredAt: Int64

    public init(end: Int64, archivedAt: Int64, restoredAt: Int64) {
        self.end = end
        self.archivedAt = archivedAt
        self.restoredAt = restoredAt
    }
}

extension AuditEntry {
    /// The database was set back to an older copy.
    public static let restored = "RESTORED"

    /// No caller's: those of methods have a slash.
    private static let restoring = "hms restore"
    private static let (endField, archivedField) = ("place", "archived_at")

    init(_ restoration: AuditRestoration) {
        self.init(
            recordedAt: restoration.restoredAt, actor: "hms", role: "", address: "", correlationID: "", method: Self.restoring,
            kind: .change,
            records: ["\(Self.endField)=\(restoration.end)", "\(Self.archivedField)=\(restoration.archivedAt)"], result: Self.restored,
            reason: "The database was set back to an archive: what was recorded since is not in it")
    }

    /// What the entry tells, where it is of that kind.
    public var restoration: AuditRestoration? {
        guard result == Self.restored, method == Self.restoring, let end = number(Self.endField), let archived = number(Self.archivedField)
        else { return nil }
        return AuditRestoration(end: end, archivedAt: archived, restoredAt: recordedAt)
    }

    private func number(_ name: String) -> Int64? {
        records.first { $0.hasPrefix(name + "=") }.flatMap { Int64($0.dropFirst(name.count + 1)) }
    }
}

extension Database {
    /// Writes into the audit that this database was set back, and chains it. Nobody else may have the database yet.
    ///
    /// - Parameters:
    ///   - archivedAt: when the copy was made, in UTC milliseconds.
    ///   - now: UTC milliseconds, by the real clock.
    public func recordRestoration(archivedAt: Int64, at now: Int64) async throws -> AuditRestoration {
        let restoration = AuditRestoration(end: try await sealAudit().place, archivedAt: archivedAt, restoredAt: now)
        try await write { try $0.record(AuditEntry(restoration)) }
        _ = try await sealAudit()
        return restoration
    }
}
