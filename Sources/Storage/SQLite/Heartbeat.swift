import GRDBSQLite

/// Says again and again that a long statement of a connection gets on: whoever waits can tell it from one that hangs.
final class Heartbeat {
    private let connection: SQLiteConnection
    private let beat: () -> Void
    private var last = ContinuousClock.now

    private static let interval = Duration.milliseconds(500)
    /// How often the clock is looked at, in steps of SQLite's virtual machine: about every millisecond.
    private static let stepsPerLook: Int32 = 20_000

    /// Runs `body` with a beat at its start and then every half second.
    static func during(_ connection: SQLiteConnection, _ beat: @escaping () -> Void, _ body: () throws -> Void) rethrows {
        beat()
        let heartbeat = Heartbeat(connection, beat)
        defer { withExtendedLifetime(heartbeat) { sqlite3_progress_handler(connection.handle, 0, nil, nil) } }
        try body()
    }

    private init(_ connection: SQLiteConnection, _ beat: @escaping () -> Void) {
        self.connection = connection
        self.beat = beat
        sqlite3_progress_handler(
            connection.handle, Self.stepsPerLook,
            { context in
                if let context { Unmanaged<Heartbeat>.fromOpaque(context).takeUnretainedValue().look() }
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func look() {
        guard .now - last >= Self.interval else { return }
        last = .now
        beat()
    }
}
