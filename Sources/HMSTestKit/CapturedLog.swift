public import Logging
import ServiceKit
import Synchronization

/// Keeps log lines for a test to read.
public final class CapturedLog: Sendable {
    private let written = Mutex<[String]>([])

    public init() {}

    /// The lines so far, each without its line break.
    public var lines: [String] {
        written.withLock { $0 }
    }

    /// A logger whose lines end here, in the form in which services write them.
    public func logger(service: String = "test", level: Logger.Level = .trace) -> Logger {
        Logger(label: service) { _ in
            JSONLogHandler(service: service, level: level) { line in
                self.written.withLock { $0.append(String(decoding: line.dropLast(), as: UTF8.self)) }
            }
        }
    }
}
