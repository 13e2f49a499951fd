/// One thing that can be configured: what it is called on the command line, in the environment and in the file, what
/// holds without it, and what it means.
public struct Setting: Hashable, Sendable {
    /// How its value is written in a configuration file.
    public enum Shape: Hashable, Sendable {
        case text
        case integer
        /// `yes` or `no`; a flag without a word says yes.
        case decision
        /// Separated by commas on the command line and in the environment, an array in the file.
        case list
    }

    /// Lower-case words joined by dots, `clinic.timezone`: the path in a configuration file.
    public let key: String
    public let shape: Shape
    /// The value where nothing sets it, as it would be written. Empty: not set.
    public let defaultValue: String
    public let meaning: String
    /// Never shown.
    public let isSecret: Bool

    public init(_ key: String, _ shape: Shape = .text, default defaultValue: String = "", isSecret: Bool = false, meaning: String) {
        self.key = key
        self.shape = shape
        self.defaultValue = defaultValue
        self.meaning = meaning
        self.isSecret = isSecret
    }

    /// `--clinic-timezone`
    public var flag: String {
        "--" + String(key.map { $0 == "." ? "-" : $0 })
    }

    /// `HMS_CLINIC_TIMEZONE`
    public var environmentName: String {
        "HMS_" + String(key.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
    }

    var components: [String] {
        key.split(separator: ".").map(String.init)
    }
}
