/// What became of a service's audit: how much was looked at, and what is not as it was written.
public struct AuditFindings: Hashable, Sendable {
    public let entries: Int
    /// Rows that wait for their places in the chain, as those of the last second do.
    public let unsealed: Int
    /// Entries up to this place were forgotten by their age.
    public let purgedThrough: Int64
    public let head: AuditHead
    public let anchors: Int
    /// One sentence each; empty where all is as it was written.
    public let breaches: [String]
}

extension Reader {
    /// Goes through the chain from its beginning, or from the last purge, to its end, and holds it to what was written down elsewhere.
    ///
    /// - Parameters:
    ///   - service: the schema, where databases stand side by side; nil for the reader's own database.
    ///   - anchors: heads that were written down elsewhere.
    ///   - instant: entries that were recorded since then may not be forgotten yet, in UTC milliseconds.
    public func verifyAudit(
        of service: String? = nil, against anchors: [AuditAnchor], keptSince instant: Int64 = .max
    ) throws -> AuditFindings {
        try passThroughAudit(of: service, noting: anchors).findings(against: anchors, keptSince: instant)
    }
}

extension AuditPass {
    /// What was found, held to heads that were written down elsewhere: to those that were noted on the way, or some of them.
    ///
    /// - Parameter instant: entries that were recorded since then may not be forgotten yet, in UTC milliseconds.
    public func findings(against anchors: [AuditAnchor], keptSince instant: Int64 = .max) -> AuditFindings {
        var outside = AuditBreaches()
        for (place, hashes) in Self.hashes(of: anchors).sorted(by: { $0.key < $1.key }) {
            guard let hash = self.hashes[place], hashes != [hash] else { continue }
            outside.add("the chain was written anew: place \(place) is not what was anchored")
        }
        // Whoever deletes entries can write down that they were old. What is written down elsewhere tells how old they were.
        if let place = anchors.filter({ $0.recordedAt ?? .min >= instant }).map(\.head.place).min(), place <= start.place {
            outside.add("entries were forgotten before their time: place \(place) was anchored, and is not old enough")
        }
        if let last = anchors.map(\.head.place).max(), last > head.place {
            outside.add("the end was cut off: place \(last) was anchored, and the chain ends at \(head.place)")
        }
        if let place = lastWrittenElsewhere {
            outside.add(
                "no anchor tells of what follows place \(place), though entries of an hour do: they are gone, or were never written")
        }
        return AuditFindings(
            entries: entries, unsealed: unsealed, purgedThrough: start.place, head: head, anchors: anchors.count,
            breaches: breaches.sentences + outside.sentences)
    }

    private static func hashes(of anchors: [AuditAnchor]) -> [Int64: Set<[UInt8]>] {
        anchors.reduce(into: [:]) { $0[$1.head.place, default: []].insert($1.head.hash) }
    }
}
