/// The hospital could not be started.
public struct StartFailed: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { reason }

    init(reason: String) {
        self.reason = reason
    }

    init(name: String, _ end: ProcessEnd, reason: String?) {
        self.reason = reason.map { "\(name) could not start: \($0)" } ?? "\(name) \(end) while starting; its log says why"
    }
}
