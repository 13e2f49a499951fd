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

    func commit(_ writes: inout [PendingWrite], more: (_ count: Int) -> [PendingWrite]) throws {
        try commits.run(&writes, more: more)
    }

    /// How long the last commit took to become durable.
    var flushDuration: Duration { commits.flushDuration }

    /// How long nobody must have written for a checkpoint to pay; nil where none would.
    var pauseToUse: Duration? { checkpoint.isWorthAPause ? Checkpoint.pause : nil }

    func checkpointIfItPays(isPause: Bool, logger: Logger) {
        checkpoint.runIfItPays(isPause: isPause, logger: logger)
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
