import GRDBSQLite
import Logging

/// When the log is copied into the database file: after callers were answered, and rather in a pause than under load.
///
/// SQLite's own automatic checkpoint runs inside a commit, where 128 callers would wait for it. Under load it is put off,
/// because it flushes the file beside the log, and because pages that are written again and again are copied once. Where
/// many small commits come one after the other it is not: a log that is begun anew is written over, and one that goes on
/// growing makes each flush write the file's new size as well, which takes half as long again (181 µs in place of 111 for
/// a row and its key).
final class Checkpoint {
    private let connection: SQLiteConnection
    /// Pages in the log, as of the last commit, and how many of them are in the file already.
    private var logPages: Int32 = 0
    private var copiedPages: Int32 = 0
    /// Since the last time that pages were copied.
    private var commits = 0

    /// What a pause is used for, and what is not put off any longer (64 MiB of log).
    private static let pagesWorthAPause: Int32 = 1000
    private static let pagesNotToExceed: Int32 = 16_000
    /// Commits that are many, so that what they have written is worth no more than a pause would be.
    private static let manyCommits = 256
    /// Nobody has written for so long: callers who were just answered may be on their way back.
    static let pause: Duration = .milliseconds(50)

    init(_ connection: SQLiteConnection) {
        self.connection = connection
        sqlite3_wal_hook(
            connection.handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Checkpoint>.fromOpaque(context).takeUnretainedValue().noteCommit(logPages: pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Ends the connection's calls; to be called before it closes, because the handle is gone then.
    func detach() {
        sqlite3_wal_hook(connection.handle, nil, nil)
    }

    /// Whether a pause is to be used.
    var isWorthAPause: Bool { pendingPages >= Self.pagesWorthAPause }

    private var pendingPages: Int32 {
        // The log starts over once all of it was copied and nobody reads it.
        if logPages < copiedPages { copiedPages = 0 }
        return logPages - copiedPages
    }

    private func noteCommit(logPages: Int32) {
        self.logPages = logPages
        commits += 1
    }

    func runIfItPays(isPause: Bool, logger: Logger) {
        let isCheap = isPause || commits >= Self.manyCommits
        guard pendingPages >= (isCheap ? Self.pagesWorthAPause : Self.pagesNotToExceed) else { return }
        commits = 0
        var pages: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &copiedPages)
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
            // Nothing is lost: what is acknowledged stays in the log, and the next commit tries again.
            logger.error("checkpoint failed", metadata: ["code": "\(code)"])
            return
        }
    }
}
