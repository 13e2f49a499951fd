import Foundation
import GRDB

/// A copy of one state of a live database, by SQLite's online backup.
///
/// It holds what the database holds, so its owner alone may read it.
struct SQLiteBackup {
    private let target: String
    private var partial: String { "\(target).partial-\(getpid())" }

    init(to target: String) {
        self.target = target
    }

    func run(of snapshot: SQLiteSnapshot) throws {
        do {
            try removePartial()
            try makePrivate(partial)
            try copy(snapshot)
            try flush(partial)
            guard rename(partial, target) == 0 else { throw failure("rename") }
            try flush((target as NSString).deletingLastPathComponent)
        } catch {
            // The first failure is the one to tell.
            try? removePartial()
            throw StorageError(error)
        }
    }

    private func copy(_ snapshot: SQLiteSnapshot) throws {
        let to = try DatabaseQueue(path: partial)
        try snapshot.copy(to: to)
        try to.writeWithoutTransaction { copy in
            // One file, no log beside it.
            try copy.execute(sql: "PRAGMA journal_mode = DELETE")
            let faults = try String.fetchAll(copy, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            guard faults.isEmpty else { throw StorageError.integrity(faults) }
        }
        try to.close()
    }

    private func makePrivate(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open") }
        close(descriptor)
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
