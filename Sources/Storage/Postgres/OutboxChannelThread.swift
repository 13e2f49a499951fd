import Foundation
import Logging

/// The thread that owns the connection of an ``OutboxChannel``.
final class OutboxChannelThread {
    private let channel: OutboxChannel
    private let settings: PostgresSettings
    private let signal: OutboxSignal
    private let alarm: PostgresAlarm
    /// By which it knows what it has told itself.
    private let name = String(UInt64.random(in: .min ... .max), radix: 36)
    private var lastTold = ContinuousClock.now
    private var backoff = DeliveryBackoff()
    private var failures = 0

    /// How many are told of at once is up to this pause: each NOTIFY makes the commits of that moment wait for it.
    private static let pauseBetweenTelling: Duration = .milliseconds(5)

    init(_ channel: OutboxChannel, _ settings: PostgresSettings, _ signal: OutboxSignal, _ alarm: PostgresAlarm) {
        self.channel = channel
        self.settings = settings
        self.signal = signal
        self.alarm = alarm
        backoff.longest = .seconds(2)
    }

    func run() {
        while !channel.isClosed {
            do {
                try serve(try connect())
            } catch {
                failures += 1
                if failures == 1 {
                    settings.logger.notice(
                        "Events of other processes are looked for, because none can be heard of", metadata: ["error": "\(error)"])
                }
            }
            signal.isHearing = false
            if !channel.isClosed { alarm.sleep(until: .now + backoff.pause(after: failures)) }
        }
    }

    private func connect() throws -> PostgresConnection {
        let connection = try settings.connect()
        // A server may end sessions that ask for nothing.
        try connection.runScript("SET idle_session_timeout = 0; LISTEN \"\(settings.location.schema)\"")
        return connection
    }

    /// Ends when the channel is closed, by throwing when the connection breaks.
    private func serve(_ connection: PostgresConnection) throws {
        failures = 0
        signal.isHearing = true
        while !channel.isClosed {
            try tellWhatIsDue(connection)
            for news in try connection.takeNotifications().map(OutboxNews.init) where news.sender != name {
                signal.notify(of: news.types)
            }
            alarm.sleep(until: channel.hasUntold ? lastTold + Self.pauseBetweenTelling : nil, socket: connection.socket)
        }
    }

    private func tellWhatIsDue(_ connection: PostgresConnection) throws {
        guard .now >= lastTold + Self.pauseBetweenTelling else { return }
        let types = channel.takeUntold()
        if types.isEmpty { return }
        lastTold = .now
        try connection.send(
            "SELECT pg_notify(?, ?)", [.text(settings.location.schema), .text(OutboxNews(sender: name, types: types).text)])
        _ = try connection.receive()
    }
}
