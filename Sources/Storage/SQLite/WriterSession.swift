import Logging

/// The writing connection with what belongs to it, alive until the disk fails it.
final class WriterSession {
    let connection: SQLiteConnection
    private let commits: GroupCommit
    private let checkpoint: Checkpoint

    init(_ connection: SQLiteConnection) throws {
        self.connection = connection
        commits = try GroupCommit(connection)
        checkpoint = Checkpoint(connection)
    }

    func commit(_ writes: [PendingWrite]) throws {
        try commits.run(writes)
    }

    func checkpointIfItPays(isIdle: Bool, logger: Logger) {
        checkpoint.runIfItPays(isIdle: isIdle, logger: logger)
    }

    /// Leaves one file that needs no recovery, where nobody reads any more.
    func finish() throws {
        try connection.runScript("PRAGMA wal_checkpoint(TRUNCATE)")
        try abandon()
    }

    /// Gives the connection up; what was acknowledged is in the log.
    func abandon() throws {
        checkpoint.detach()
        try connection.close()
    }
}
