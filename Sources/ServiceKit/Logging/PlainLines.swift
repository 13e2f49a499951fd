public import Logging
import Synchronization

/// Lines that hold nothing but the time, what all of them share, and their own fields.
public final class PlainLines: Sendable {
    private struct Shared {
        /// How all lines of a millisecond begin.
        var beginning: [UInt8] = []
        var millisecond: Int64 = -1
        /// Room for a line; nil while somebody writes one in it.
        var room: [UInt8]?
    }

    private let kind: PreparedFields
    private let shared = Mutex(Shared())
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
        var line = JSONLine(resuming: begun(at: time))
        fields(&line)
        var bytes = line.finished()
        output(bytes)
        bytes.removeAll(keepingCapacity: true)
        let room = bytes
        shared.withLock { $0.room = room }
    }

    /// How a line of that time begins, in room for all of it.
    private func begun(at time: Int64) -> [UInt8] {
        shared.withLock { shared in
            if shared.millisecond != time {
                shared.beginning = JSONLine.beginning(at: time, kind)
                shared.millisecond = time
            }
            var line = shared.room.take() ?? []
            line.reserveCapacity(512)
            line.append(contentsOf: shared.beginning)
            return line
        }
    }
}
