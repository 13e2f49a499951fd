import Foundation
import Logging
import Storage

/// The journals of a service in the data folder, one for each of its processes there: `DATA/SERVICE/audit.reads.N`.
struct AuditJournals: Sendable {
    private let folder: String

    /// Processes of one service that share a folder, at most.
    private static let most = 64
    /// Where others have written in the meantime, a read that is older than this is kept with the time at which it is kept: an entry that is
    /// dated long before those that were chained before it looks forged. In milliseconds.
    private static let late: Int64 = 120_000

    init(service: String, dataFolder: String) {
        folder = "\(dataFolder)/\(service)"
    }

    private func path(_ number: Int) -> String { "\(folder)/audit.reads.\(number)" }

    /// A clear one of this process's own.
    ///
    /// - Throws: ``FileError`` where none can be made.
    func open() throws -> AuditJournal {
        try LocalFile.makeFolder(folder, mode: 0o700)
        var reason = FileError(path(Self.most), "too many processes have one")
        for number in 1...Self.most {
            do {
                // What another process has left in the meantime is kept before it is written over.
                if let journal = try AuditJournal(path(number)), journal.reads().isEmpty { return journal }
            } catch let error as FileError {
                reason = error
            }
        }
        throw reason
    }

    /// Brings to the database what processes left that were killed, each read once. What can't be kept now stays for the next start: a service
    /// that can't write may be able to read.
    func recover(into database: Database, logger: Logger) async {
        for number in 1...Self.most where FileManager.default.fileExists(atPath: path(number)) {
            do {
                guard let journal = try AuditJournal(path(number)) else { continue }
                let reads = journal.reads()
                if !reads.isEmpty {
                    let missing = try await database.missing(reads)
                    try await keep(missing, in: database)
                    logger.notice(
                        "Reads were answered when the service was killed, and are in the audit now", metadata: ["count": "\(missing.count)"]
                    )
                }
                journal.clear()
            } catch {
                logger.error("Reads that were answered wait to be kept", metadata: ["file": "\(path(number))", "error": "\(error)"])
            }
        }
    }

    private func keep(_ entries: [AuditEntry], in database: Database) async throws {
        let now = SystemTime.millisecondsSinceEpoch()
        let reads = AuditReads(
            entries.map { database.isShared && $0.recordedAt < now - Self.late ? $0.kept(late: now) : $0 })
        try await database.write { try $0.record(reads) }
    }
}

extension Database {
    /// Those of the reads that are not here: whoever was to keep them may have come as far as that.
    func missing(_ reads: [AuditEntry]) async throws -> [AuditEntry] {
        guard let first = reads.map(\.recordedAt).min() else { return [] }
        var kept: [AuditEntry: Int] = try await read { reader in
            var kept: [AuditEntry: Int] = [:]
            _ = try reader.forEachAuditEntry(before: nil, limit: 20_000) { _, entry in
                if entry.isAnsweredRead, entry.recordedAt >= first { kept[entry, default: 0] += 1 }
                // Processes that write at the same time are moments apart.
                return entry.recordedAt > first - 60_000
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
