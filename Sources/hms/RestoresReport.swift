import HospitalCheck
import Storage
import Vocabulary

/// When a hospital was set back to an archive, as `hms audit verify` tells it: a line for each time.
struct RestoresReport: CustomStringConvertible {
    private struct Restore {
        let restoredAt: Int64
        var archives: Set<Int64> = []
        /// What is missing of each service, in words.
        var missing: [String] = []
        var isKnown = true
    }

    private let restores: [Restore]

    init(_ verdicts: [AuditVerdict]) {
        var restores: [Int64: Restore] = [:]
        for verdict in verdicts {
            for one in verdict.restored {
                let time = one.restoration.restoredAt
                var restore = restores[time] ?? Restore(restoredAt: time)
                restore.archives.insert(one.restoration.archivedAt)
                restore.isKnown = restore.isKnown && one.isKnown
                if let last = one.lastLost { restore.missing.append("\(verdict.service) \(one.restoration.end + 1) to \(last)") }
                restores[time] = restore
            }
        }
        self.restores = restores.values.sorted { $0.restoredAt < $1.restoredAt }
    }

    var isEmpty: Bool { restores.isEmpty }

    /// - Throws: where whoever verifies knows of a restore that no audit tells of.
    func require(_ known: Set<Int64>) throws {
        guard let unknown = known.subtracting(restores.map(\.restoredAt)).min() else { return }
        throw UntoldRestore(time: Instant(millisecondsSinceEpoch: unknown).rfc3339)
    }

    var description: String { restores.map(Self.line).joined(separator: "\n") }

    private static func line(_ restore: Restore) -> String {
        let time = Instant(millisecondsSinceEpoch: restore.restoredAt).rfc3339
        let archives = restore.archives.sorted().map { Instant(millisecondsSinceEpoch: $0).rfc3339 }.joined(separator: ", ")
        let told = "restored at \(time) from an archive of \(archives): "
        guard !restore.missing.isEmpty else { return told + "no anchor of then is missing" }
        let missing = "anchored before, and not in the archive: places of \(restore.missing.joined(separator: ", "))"
        return told + missing + (restore.isKnown ? "" : "\n  Do you know of this restore? Then say so by --restored \(time)")
    }
}

/// Somebody says that he knows of a restore, and no audit tells of one.
struct UntoldRestore: Error, CustomStringConvertible {
    let time: String
    var description: String { "no audit tells of a restore at \(time)" }
}
