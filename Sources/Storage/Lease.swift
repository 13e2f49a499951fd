/// The right to do alone, among all processes that share a database, what must not be done twice at once: to hand letters
/// over, to tell a subscriber of events, to purge.
///
/// A row names the owner and when the right ends, by the database's clock; it is renewed while the work goes on, and whoever
/// has lost it is cancelled. A process that dies, or stands still, loses it after 15 seconds. One that wakes up between two
/// renewals may finish the statement it is in: what leaves the hospital under a lease carries an id that its receiver knows
/// again. Where no other process can have the database, as with SQLite, it is always held and nothing is written.
public final class Lease: Sendable {
    public let name: String
    private let database: Database
    /// How long a process may be gone before another one takes its place.
    private let duration: Duration

    /// - Parameter name: of the work, the same in every process.
    public convenience init(_ name: String, in database: Database) {
        self.init(name, in: database, duration: .seconds(15))
    }

    init(_ name: String, in database: Database, duration: Duration) {
        self.name = name
        self.database = database
        self.duration = duration
    }

    private var owner: String { database.processName }

    /// Does the work if nobody else has the lease, and keeps the lease meanwhile. It is kept after the work, too, until it
    /// expires or is given up, so that work in rounds stays with one process.
    ///
    /// - Returns: what the work did; nil where another process has the lease, and nothing was done.
    /// - Throws: ``LeaseLost`` where another process has taken it before the work was done, which has been cancelled then.
    public func whileHeld<Done: Sendable>(_ work: @escaping @Sendable () async throws -> Done) async throws -> Done? {
        guard database.isShared else { return try await work() }
        guard try await take() else { return nil }
        return try await withThrowingTaskGroup(of: Done?.self) { group in
            group.addTask { try await work() }
            group.addTask { [self] in
                try await renew()
                return nil
            }
            defer { group.cancelAll() }
            // The first to end is the work, unless the lease is lost.
            return try await group.next() ?? nil
        }
    }

    /// Does the work if nobody else has the lease, and gives it up afterwards.
    ///
    /// - Returns: what the work did; nil where another process has the lease, and nothing was done.
    public func once<Done: Sendable>(_ work: @escaping @Sendable () async throws -> Done) async throws -> Done? {
        let done: Done?
        do {
            done = try await whileHeld(work)
        } catch {
            // The work's error counts; a lease that can't be given up now expires.
            try? await giveUp()
            throw error
        }
        // The work is done; a lease that can't be given up now expires.
        try? await giveUp()
        return done
    }

    /// Lets another process take it now, even if the calling task is cancelled; nothing where it was not held. Where the
    /// database does not answer it expires.
    public func giveUp() async throws {
        guard database.isShared else { return }
        let givingUp = Task { [name, owner, database] in
            try await database.write { transaction in
                try transaction.execute("DELETE FROM hms_leases WHERE name = ? AND owner = ?", [.text(name), .text(owner)])
            }
        }
        _ = try await givingUp.value
    }

    /// Ends by throwing only.
    private func renew() async throws {
        var lastTaken = ContinuousClock.now
        while true {
            try await Task.sleep(for: duration / 3)
            do {
                guard try await take() else { throw LeaseLost(name: name) }
                lastTaken = .now
            } catch let error as StorageError {
                // The database is away for a moment: nobody else can take the lease before it ends.
                guard .now - lastTaken < duration * 2 / 3 else { throw error }
            }
        }
    }

    private func take() async throws -> Bool {
        try await database.write { [name, owner, duration] transaction in
            try transaction.takeLease(name, owner, milliseconds: duration.components.seconds * 1_000)
        }
    }
}

extension Database {
    /// The names of the leases that this process has now; none where no other process can have the database.
    public func heldLeases() async throws -> [String] {
        guard isShared else { return [] }
        let owner = processName
        return try await read { reader in
            try reader.rows(
                """
                SELECT name FROM hms_leases WHERE owner = ? AND expires_at > (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT
                ORDER BY name
                """, [.text(owner)]
            ) { $0.text(0) }
        }
    }
}

extension DatabaseSchemas {
    /// Whether a process works on any of them: each holds the lease of what it does in rounds, and gives it up when it ends. One that
    /// died is taken for alive until its lease expires.
    public var isServed: Bool {
        get throws {
            try schemas.keys.contains { service in
                try reader.exists(
                    "SELECT 1 FROM \(service).hms_leases WHERE expires_at > (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT LIMIT 1")
            }
        }
    }
}

/// Another process does now what this one did under a lease.
public struct LeaseLost: Error, CustomStringConvertible {
    let name: String
    public var description: String { "another process has the lease of \(name)" }
}

extension Transaction {
    fileprivate func takeLease(_ name: String, _ owner: String, milliseconds: Int64) throws -> Bool {
        // PostgreSQL's own: no other engine has a second process.
        try execute(
            """
            INSERT INTO hms_leases AS held (name, owner, expires_at)
            VALUES (?, ?, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT + ?)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
            WHERE held.owner = excluded.owner OR held.expires_at <= (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT
            """, [.text(name), .text(owner), .integer(milliseconds)]) == 1
    }
}
