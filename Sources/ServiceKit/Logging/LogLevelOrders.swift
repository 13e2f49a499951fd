import Foundation
public import Logging
public import Vocabulary

/// `DATA/log-levels`: how much each part of a hospital logs for a while, in place of what it was started with. A line is the
/// part's name, or `*` for all, the level, and until when that holds.
public struct LogLevelOrders: Hashable, Sendable {
    public struct Order: Hashable, Sendable {
        public let level: Logger.Level
        /// By the machine's clock.
        public let until: Instant

        public init(level: Logger.Level, until: Instant) {
            self.level = level
            self.until = until
        }
    }

    /// By the name of the part: `payment`, `rest`, and `*` for all.
    public var orders: [String: Order]

    public static let all = "*"

    public init(_ orders: [String: Order] = [:]) {
        self.orders = orders
    }

    /// The level of a part, where there is an order for it or for all; that for it alone counts.
    public func level(of part: String, at now: Instant) -> Logger.Level? {
        [orders[part], orders[Self.all]].compactMap(\.self).first { now < $0.until }?.level
    }

    /// Those that still hold.
    public func holding(at now: Instant) -> LogLevelOrders {
        LogLevelOrders(orders.filter { now < $0.value.until })
    }
}

extension LogLevelOrders {
    /// In the data folder.
    public static func path(in dataFolder: String) -> String { "\(dataFolder)/log-levels" }

    /// Empty where there is no file. A line that is none is passed over: a service does not fail for its log.
    public static func read(_ path: String) -> LogLevelOrders {
        guard let bytes = try? LocalFile.read(path, atMost: 65_536) else { return LogLevelOrders() }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let orders = lines.compactMap { line -> (String, Order)? in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let level = Logger.Level(rawValue: words[1]), let until = Instant(rfc3339: words[2]) else { return nil }
            return (words[0], Order(level: level, until: until))
        }
        return LogLevelOrders(Dictionary(orders) { $1 })
    }

    /// Whoever reads meanwhile has the old file or the new one.
    public func write(_ path: String) throws {
        let lines = orders.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.level.rawValue) \($0.value.until.rfc3339)\n" }
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
}

extension Instant {
    /// Now, by the machine's clock.
    public static func ofMachine() -> Instant { Instant(millisecondsSinceEpoch: SystemTime.millisecondsSinceEpoch()) }
}

/// Lets the log of this process follow the orders of its data folder.
public enum LogLevelWatch {
    private static let pause = Duration.seconds(1)

    /// Looks every second, until its task is cancelled.
    ///
    /// - Parameter usual: what holds where nothing is ordered.
    public static func follow(_ path: String, part: String, usual: Logger.Level, logger: Logger) async {
        var level = usual
        while !Task.isCancelled {
            let wanted = LogLevelOrders.read(path).level(of: part, at: .ofMachine()) ?? usual
            if wanted != level {
                LogLevel.ofProcess.set(min(wanted, .notice))
                logger.notice("The log's level changes", metadata: ["from": "\(level)", "to": "\(wanted)"])
                LogLevel.ofProcess.set(wanted)
                level = wanted
            }
            // Fails only when it is cancelled, which the loop asks next.
            try? await Task.sleep(for: pause)
        }
    }
}
