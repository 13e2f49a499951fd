import Foundation
import Logging
import Storage

/// The journals of a service in the data folder, one for each of its processes there: `DATA/audit/SERVICE.reads.N`.
struct AuditJournals: Sendable {
    private let service: String
    private let folder: String

    /// Processes of one service that share a folder, at most.
    private static let most = 64
    /// Rows of the database among which those of a journal may be that was killed between the commit and its clearing.
    private static let rowsLookedThrough = 2_000
    /// Where others have written in the meantime, a read that is older than this is kept with the time at which it is kept: an entry that is
    /// dated long before those that were chained before it looks forged. In milliseconds.
    private static let late: Int64 = 120_000

    init(service: String, dataFolder: String) {
        self.service = service
        folder = "\(dataFolder)/audit"
    }

    private func path(_ number: Int) -> String { "\(folder)/\(service).reads.\(number)" }

    /// A clear one of this process's own.
    ///
    /// - Throws: ``FileError`` where none can be made.
    func open() throws -> AuditJournal {
        try LocalFile.makeFolder(folder, mode: 0o700)
        for number in 1...Self.most {
            guard let journal = try AuditJournal(path(number)) else { continue }
            // What another process has left in the meantime is kept before it is written over.
            if journal.reads().isEmpty { return journal }
        }
        throw FileError(path(Self.most), "too many processes have one")
    }

    /// Brings to the database what processes left that were killed. Nothing is kept twice.
    func recover(into database: Database, logger: Logger) async throws {
        for number in 1...Self.most where FileManager.default.fileExists(atPath: path(number)) {
            guard let journal = try AuditJournal(path(number)) else { continue }
            let reads = journal.reads()
            if !reads.isEmpty {
                let missing = try await missing(reads, from: database)
                try await keep(missing, in: database)
                logger.notice(
                    "Reads were answered when the service was killed, and are in the audit now", metadata: ["count": "\(missing.count)"])
            }
            for half in AuditJournal.Half.allCases { journal.clear(half) }
        }
    }

    private func keep(_ entries: [AuditEntry], in database: Database) async throws {
        let now = SystemTime.millisecondsSinceEpoch()
        let reads = entries.reduce(into: AuditReads()) { reads, entry in
            reads.append(database.isShared && entry.recordedAt < now - Self.late ? entry.kept(late: now) : entry)
        }
        try await database.write { try $0.record(reads) }
    }

    private func missing(_ reads: [AuditEntry], from database: Database) async throws -> [AuditEntry] {
        let first = reads.map(\.recordedAt).min() ?? .max
        var kept: [AuditEntry: Int] = try await database.read { reader in
            var kept: [AuditEntry: Int] = [:]
            _ = try reader.forEachAuditEntry(before: nil, limit: Self.rowsLookedThrough) { _, entry in
                // Of one write's entries none is older than the first of its reads.
                if entry.isAnsweredRead, entry.recordedAt >= first { kept[entry, default: 0] += 1 }
                return true
            }
            return kept
        }
        return reads.filter { read in
            guard let count = kept[read], count > 0 else { return true }
            kept[read] = count - 1
            return false
        }
    }
}

extension AuditEntry {
    fileprivate func kept(late now: Int64) -> AuditEntry {
        var entry = self
        entry.recordedAt = now
        entry.reason =
            "read \((now - recordedAt) / 1_000) s earlier, kept when the service began again" + (reason.isEmpty ? "" : ": \(reason)")
        return entry
    }
}
