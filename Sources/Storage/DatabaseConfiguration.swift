/// Where the data is and how much may be spent on it.
public struct DatabaseConfiguration: Sendable {
    enum Location: Sendable {
        case sqlite(path: String)
        case postgres(PostgresLocation)
    }

    let location: Location

    /// Writes that may wait for the writer; the next one is refused with ``StorageError/overloaded``.
    public var waitingWritesBound = 1024
    /// Writes that share one commit at most.
    public var writesPerCommit = 128
    /// Long reads (``Database/scan(_:)``) that may wait for a thread.
    public var waitingScansBound = 256
    /// Connections for short reads that run where they are called. One per core is enough: such a read never waits.
    public var inlineReaders = 2
    /// Threads, and connections, for long reads.
    public var scanThreads = 2
    /// Page cache of the writing connection and of each reading one.
    public var writerCacheKiB = 16_384
    public var readerCacheKiB = 1024
    /// Virtual machine steps that a short read may take where it is called, before it moves to a thread of its own.
    public var inlineStepBudget = 20_000
    /// How long a long read may take. Its snapshot holds back the log's reuse, so it must end.
    public var scanTimeLimit: Duration = .seconds(30)

    /// Connections to a server for reads and writes, each with a thread that waits for it, made when they are wanted; those for
    /// long reads come beside them.
    public var connections = 8
    /// How long a server may take for one statement, and wait for one lock.
    public var statementTimeLimit: Duration = .seconds(30)
    public var lockTimeLimit: Duration = .seconds(5)

    /// Where reports are read; nil: where everything is.
    var replica: PostgresLocation?

    /// How long an opening waits for another process that has the database; nil: until that lets go of it.
    public var lockPatience: Duration? = .zero
    /// Told what an opening is about, again and again while a phase lasts, on any thread.
    public var onOpening: @Sendable (OpeningPhase) -> Void = { _ in }

    /// Told of every commit, on the thread that made it: it must not block.
    public var onCommit: @Sendable (CommitReport) -> Void = { _ in }

    /// Looks at single reads and writes; nil: nobody.
    public var observer: (any WorkObserver)?

    /// Opens it although a copy into it is not finished: to go on with the copy, see ``DatabaseCopy``.
    public var isTargetOfCopy = false

    /// What must be free on the disk of a file; where less is, a write is told that the disk is full. 0: nothing must.
    public var leastFreeBytes: Int64 = 0
    /// What is free on the disk of a folder.
    var freeBytes: @Sendable (_ folder: String) -> Int64? = { Disk.freeBytes(at: $0) }

    /// The size of the file in pages, beyond which a write is told that the disk is full.
    var maximumPages: Int?

    /// A schema of a PostgreSQL database.
    ///
    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database?…` as libpq takes it, and in it the parameters `schema` and
    ///     `connections`.
    ///   - schema: the one that is used where the URL names none. It is made where it does not exist.
    /// - Throws: ``StorageError/cannotOpen(_:)``.
    public static func postgres(url: String, schema: String) throws(StorageError) -> DatabaseConfiguration {
        let location = try PostgresLocation(url: url, defaultSchema: schema)
        var configuration = DatabaseConfiguration(location: .postgres(location))
        configuration.connections = location.connections ?? configuration.connections
        return configuration
    }

    /// The same, but reports (``Database/report(_:)``) are read from a replica of the database, and the rest is not. Without effect
    /// for SQLite.
    ///
    /// - Parameter url: as for ``postgres(url:schema:)``; the schema is the database's.
    /// - Throws: ``StorageError/cannotOpen(_:)``.
    public func readingReports(from url: String) throws(StorageError) -> DatabaseConfiguration {
        guard case .postgres(let location) = location else { return self }
        var configuration = self
        configuration.replica = try PostgresLocation(url: url, defaultSchema: location.schema)
        return configuration
    }

    /// An embedded SQLite database in the file at `path`; file and folder are made where they do not exist.
    public static func sqlite(path: String) -> DatabaseConfiguration {
        DatabaseConfiguration(location: .sqlite(path: path))
    }
}
