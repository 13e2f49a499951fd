public import Logging
import Synchronization

/// Lines that hold nothing but the time, what all of them share, and their own fields.
public final class PlainLines: Sendable {
    private struct Timestamp {
        var millisecond: Int64 = -1
        var text: [UInt8] = []
    }

    private let kind: PreparedFields
    private let timestamp = Mutex(Timestamp())
    private let output: @Sendable ([UInt8]) -> Void

    /// - Parameter output: takes one finished line with its line break.
    public init(level: Logger.Level, service: String, message: String, output: @escaping @Sendable ([UInt8]) -> Void) {
        kind = PreparedFields { fields in
            fields.add("level", level.rawValue, longest: 16)
            fields.add("service", service, longest: 64)
            fields.add("message", message, longest: 1_024)
        }
        self.output = output
    }

    public func write(_ fields: (inout JSONLine) -> Void) {
        write(at: SystemTime.millisecondsSinceEpoch(), fields)
    }

    /// - Parameter time: in milliseconds since 1970.
    public func write(at time: Int64, _ fields: (inout JSONLine) -> Void) {
        var line = JSONLine(timestamp: text(of: time), kind: kind)
        fields(&line)
        output(line.finished())
    }

    private func text(of time: Int64) -> [UInt8] {
        timestamp.withLock { timestamp in
            if timestamp.millisecond != time {
                timestamp.text.removeAll(keepingCapacity: true)
                timestamp.text.appendRFC3339(millisecondsSinceEpoch: time)
                timestamp.millisecond = time
            }
            return timestamp.text
        }
    }
}
