import Foundation
import HMSTestKit
import Logging
import Synchronization
import Testing
import Vocabulary

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct LogLevelTests {
    private static let noon = Instant(millisecondsSinceEpoch: 1_772_433_000_000)

    @Test func `a level that changes counts for loggers that are there already`() {
        let lines = Mutex(0)
        let level = LogLevel(.warning)
        let logger = Logger(label: "x") { _ in
            JSONLogHandler(service: "x", level: level) { _ in lines.withLock { $0 += 1 } }
        }
        logger.info("not yet")
        level.set(.debug)
        logger.debug("now")
        level.set(.error)
        logger.warning("not any more")
        #expect(lines.withLock { $0 } == 1)
    }

    @Test func `a logger whose own level is set keeps it`() {
        let level = LogLevel(.warning)
        var logger = Logger(label: "x") { _ in JSONLogHandler(service: "x", level: level) { _ in } }
        logger.logLevel = .trace
        level.set(.critical)
        #expect(logger.logLevel == .trace)
    }

    @Test func `an order holds for its part and its time`() {
        let orders = LogLevelOrders([
            "payment": .init(level: .debug, until: Self.noon + .seconds(60)), "*": .init(level: .error, until: Self.noon + .seconds(120)),
        ])
        #expect(orders.level(of: "payment", at: Self.noon) == .debug)
        #expect(orders.level(of: "rest", at: Self.noon) == .error)
        #expect(orders.level(of: "payment", at: Self.noon + .seconds(60)) == .error)
        #expect(orders.level(of: "payment", at: Self.noon + .seconds(120)) == nil)
        #expect(orders.holding(at: Self.noon + .seconds(90)).orders.keys.sorted() == ["*"])
    }

    @Test func `orders are read as they were written, and lines that are none are passed over`() throws {
        let path = LogLevelOrders.path(in: try TemporaryFolder().path)
        #expect(LogLevelOrders.read(path) == LogLevelOrders())
        let folder = try TemporaryFolder()
        let orders = LogLevelOrders(["rest": .init(level: .trace, until: Self.noon)])
        try orders.write(folder.path + "/levels")
        #expect(LogLevelOrders.read(folder.path + "/levels") == orders)
        try "rest loud tomorrow\n\npayment debug 2026-03-02T12:00:00Z\n".write(
            toFile: folder.path + "/levels", atomically: true, encoding: .utf8)
        #expect(LogLevelOrders.read(folder.path + "/levels").orders.keys.sorted() == ["payment"])
    }
}
