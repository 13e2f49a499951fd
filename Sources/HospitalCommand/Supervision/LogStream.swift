import Foundation
import Logging
import ServiceKit
import Synchronization

/// Where the JSON log lines of all processes come together: every line is written whole, and every line is JSON.
public final class LogStream: Sendable {
    private let descriptor: Mutex<Int32>
    /// What the hospital's own process writes at least; the others keep to their own settings.
    private let level: Logger.Level

    public init(level: Logger.Level = .info, descriptor: Int32 = STDERR_FILENO) {
        self.level = level
        self.descriptor = Mutex(descriptor)
    }

    /// A logger that writes here.
    public func logger(service: String) -> Logger {
        Logger(label: service) { [level] _ in
            JSONLogHandler(service: service, level: level) { self.writeWhole($0) }
        }
    }

    /// Passes a JSON line on as it is; anything else (a crash's last words) becomes the message of one.
    func pass(_ line: [UInt8], from process: String) {
        let isJSON = line.first == UInt8(ascii: "{") && line.last == UInt8(ascii: "}")
        guard !isJSON else { return writeWhole(line + [ASCII.lineFeed]) }
        logger(service: process).error("\(String(decoding: line, as: UTF8.self))")
    }

    /// Logs are best effort: when standard error is gone, the hospital goes on without it.
    private func writeWhole(_ line: [UInt8]) {
        descriptor.withLock { descriptor in
            var written = 0
            while written < line.count {
                let count = line[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count == -1 && errno == EINTR { continue }
                guard count > 0 else { return }
                written += count
            }
        }
    }
}
