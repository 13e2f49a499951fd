import Foundation
import GRDB

/// A consistent copy of a live database, by SQLite's online backup over one snapshot.
struct SQLiteBackup {
    private let source: String
    private let target: String
    private var partial: String { "\(target).partial-\(getpid())" }

    init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    func run() throws {
        do {
            try removePartial()
            try copy()
            try flush(partial)
            guard rename(partial, target) == 0 else { throw failure("rename") }
            try flush((target as NSString).deletingLastPathComponent)
        } catch {
            // The first failure is the one to tell.
            try? removePartial()
            throw StorageError(error)
        }
    }

    /// All pages in one step: the copy is of one moment and never starts over, while writes go on in the log.
    private func copy() throws {
        var reading = Configuration()
        reading.readonly = true
        let from = try DatabaseQueue(path: source, configuration: reading)
        let to = try DatabaseQueue(path: partial)
        try from.backup(to: to)
        try to.writeWithoutTransaction { copy in
            // One file, no log beside it.
            try copy.execute(sql: "PRAGMA journal_mode = DELETE")
            let faults = try String.fetchAll(copy, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            guard faults.isEmpty else { throw StorageError.integrity(faults) }
        }
        try to.close()
        try from.close()
    }

    private func flush(_ path: String) throws {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    private func removePartial() throws {
        for path in [partial, partial + "-journal", partial + "-wal", partial + "-shm"] {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink") }
        }
    }

    private func failure(_ act: String) -> StorageError {
        errno == ENOSPC ? .full : .cannotOpen("\(act) of the backup: \(String(cString: strerror(errno)))")
    }
}
