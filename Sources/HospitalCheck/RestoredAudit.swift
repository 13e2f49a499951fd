public import Storage

/// A time that a service's database was set back to an archive, and what had been anchored of the chain that it had before.
public struct RestoredAudit: Hashable, Sendable {
    public let restoration: AuditRestoration
    /// The last place that was anchored after the archive's end and before it was restored: entries up to there are gone. Nil where no
    /// anchor tells of one.
    public let lastLost: Int64?
    /// Whether whoever verifies knows of it.
    public let isKnown: Bool

    /// Takes out of the anchors of a service what a restore explains, where whoever verifies knows of that restore. Of another nothing
    /// is taken out: whoever can cut off a chain can also write down that it was restored.
    ///
    /// - Parameter known: the times of restores that he knows of, in UTC milliseconds.
    static func settle(
        _ restorations: [AuditRestoration], against anchors: [WrittenAnchor], known: Set<Int64>
    ) -> (restored: [RestoredAudit], anchors: [AuditAnchor]) {
        var left = anchors
        let restored = restorations.map { restoration in
            let isOfBefore = { (anchor: WrittenAnchor) in
                anchor.anchor.head.place > restoration.end && anchor.writtenAt.map { $0 < restoration.restoredAt } ?? false
            }
            let lost = left.filter(isOfBefore).map(\.anchor.head.place).max()
            let isKnown = known.contains(restoration.restoredAt)
            if isKnown { left.removeAll(where: isOfBefore) }
            return RestoredAudit(restoration: restoration, lastLost: lost, isKnown: isKnown)
        }
        return (restored, left.map(\.anchor))
    }
}
