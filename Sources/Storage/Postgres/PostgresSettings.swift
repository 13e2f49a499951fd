import Logging

/// How connections to one schema are made, and the proof that what they commit is durable.
struct PostgresSettings: Sendable {
    var location: PostgresLocation
    let configuration: DatabaseConfiguration
    let pq: PostgresLibrary
    let logger: Logger
    /// Of several hosts the one that takes writes, or rather one that does not.
    var isReplica = false
    /// What its connections are for.
    var use = Use.shortStatements

    enum Use {
        /// Rows are found by an index, in however small a table: a transaction that reads a whole table meets everybody who writes
        /// into it, though it wanted one row.
        case shortStatements
        /// Reports and lists, of which some are soonest had by reading all. Each is planned for what it asks: a list of a status that
        /// few have must not go through all records, newest first, as a plan for any status does.
        case longReads
    }

    /// A connection that is ready for statements. Its transactions read only, unless they are begun otherwise.
    ///
    /// - Throws: ``StorageError/cannotOpen(_:)`` where no server that takes writes lets us in.
    func connect(_ uniqueIndexes: [String: [String]] = [:]) throws -> PostgresConnection {
        let connection = try PostgresConnection(parameters, pq, logger: logger)
        do {
            try connection.runScript(sessionSettings)
        } catch let failure as PostgresFailure {
            throw failure.error
        }
        connection.uniqueIndexes = uniqueIndexes
        return connection
    }

    /// What the URL says stands above what is before it, and below what is behind.
    private var parameters: [(name: String, value: String)] {
        [
            ("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("fallback_application_name", "hms-\(location.schema)"), ("dbname", location.connectionURL),
            ("client_encoding", "UTF8"), ("target_session_attrs", isReplica ? "prefer-standby" : "read-write"),
        ]
    }

    /// A server may be set to answer before a commit is safe; our sessions are not. Plans are not compiled, because statements
    /// are short. `public` is where extensions are.
    private var sessionSettings: String {
        """
        SET client_min_messages = warning;
        SET search_path = "\(location.schema)", public;
        SET default_transaction_isolation = 'repeatable read';
        SET default_transaction_read_only = on;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');
        SET statement_timeout = \(configuration.statementTimeLimit.milliseconds);
        SET lock_timeout = \(configuration.lockTimeLimit.milliseconds);
        SET idle_in_transaction_session_timeout = \(configuration.statementTimeLimit.milliseconds);
        SET enable_seqscan = \(use == .shortStatements ? "off" : "on");
        SET plan_cache_mode = \(use == .shortStatements ? "auto" : "force_custom_plan");
        SET random_page_cost = 1.1;
        SET jit = off;
        SET TimeZone = 'UTC'
        """
    }

    /// - Throws: ``StorageError/notDurable(_:)`` where an acknowledged write may be lost, ``StorageError/cannotOpen(_:)`` where
    ///   texts would not be stored as they are.
    func requireFit(_ connection: PostgresConnection) throws {
        guard connection.serverVersion >= 140_000 else { throw StorageError.cannotOpen("\(location): PostgreSQL 14 or later is needed") }
        guard connection.serverEncoding == "UTF8" else {
            throw StorageError.cannotOpen("\(location): the database is encoded as \(connection.serverEncoding) and not as UTF8")
        }
        try connection.send(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'")
        var off: [String] = []
        try connection.receive()?.forEach { row in
            off.append(row.text(0))
            return true
        }
        guard off.isEmpty else { throw StorageError.notDurable("the server of \(location) runs without \(off.joined(separator: ", "))") }
    }
}
