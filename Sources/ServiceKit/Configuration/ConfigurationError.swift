/// What stops the start: every setting that is wrong, each named with where it was set.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The setting's name where it was set: `--clinic-timezone`, `HMS_CLINIC_TIMEZONE`, or the key in the file.
        public let name: String
        public let sentence: String

        public init(_ name: String, _ sentence: String) {
            self.name = name
            self.sentence = sentence
        }

        public var description: String { "\(name): \(sentence)" }
    }

    public let problems: [Problem]

    public init(_ problems: [Problem]) {
        self.problems = problems
    }

    public var description: String {
        problems.map { "Configuration: \($0)" }.joined(separator: "\n")
    }
}
