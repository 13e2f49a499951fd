/// A program that is kept running.
public struct ProcessCommand: Hashable, Sendable {
    /// What it is called in tables and logs: `patient`.
    public let name: String
    public let executable: String
    public let arguments: [String]
    /// Added to the environment of the parent.
    public let environment: [String: String]

    public init(name: String, executable: String, arguments: [String], environment: [String: String] = [:]) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }
}

/// How a process ended.
public enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
    case exited(code: Int32)
    case killed(signal: Int32)
    /// It never ran.
    case notStarted(reason: String)

    public var description: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .notStarted(let reason): "could not be started: \(reason)"
        }
    }
}
