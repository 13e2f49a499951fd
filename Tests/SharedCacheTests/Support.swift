import Foundation
import Logging
import Synchronization

@testable import SharedCache

let contract = "hms.test.v1"
let generation = CacheKey(contract, "changes")

func key(_ name: String = "a") -> CacheKey { CacheKey(contract, name) }

/// Limits with which a busy machine meets its deadlines, and a broken cache is tried again soon.
var patientLimits: CacheLimits {
    var limits = CacheLimits()
    limits.deadline = .seconds(5)
    limits.firstPause = .milliseconds(10)
    limits.longestPause = .milliseconds(200)
    return limits
}

/// Asks until it is so, for a minute at most.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}

/// What was logged, as text.
final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private struct Handler: LogHandler {
        let lines: LoggedLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}

extension SharedCache {
    convenience init(at port: Int, limits: CacheLimits = patientLimits, logger: Logger = LoggedLines().logger) throws {
        guard let address = CacheAddress("redis://127.0.0.1:\(port)") else { throw CocoaError(.featureUnsupported) }
        try self.init(address, limits: limits, logger: logger)
    }

    /// Whether it answers at all.
    func answers() async -> Bool { await read([], since: generation) != nil }
}
