/// A rule's "no": its code, a sentence for people, and the fields that it is about.
///
/// The sentence is shown to the caller and logged, so it never holds personal data.
public struct Rejection: Error, Hashable, Sendable {
    public let code: RejectionCode
    public let sentence: String
    /// Every field that is wrong, in the order of the request; none where the rule is about no field.
    public let violations: [Violation]

    /// One field and what is wrong with it.
    public struct Violation: Hashable, Sendable {
        /// The path in the request: `dob`, `working_hours[2].start`.
        public let field: String
        public let sentence: String

        public init(field: String, sentence: String) {
            self.field = field
            self.sentence = sentence
        }
    }

    public init(_ code: RejectionCode, _ sentence: String, field: String? = nil) {
        self.code = code
        self.sentence = sentence
        violations = field.map { [Violation(field: $0, sentence: sentence)] } ?? []
    }

    /// Fields that are wrong, all at once.
    public init(invalid violations: [Violation]) {
        code = .invalidArgument
        sentence = violations.count == 1 ? "A field is not valid." : "\(violations.count) fields are not valid."
        self.violations = violations
    }

    /// What several rules say at once, each about a field, under the code of the first; nil where they say nothing.
    public init?(all rejections: [Rejection]) {
        guard let first = rejections.first else { return nil }
        code = first.code
        sentence = first.sentence
        violations = rejections.flatMap(\.violations)
    }

    /// The first field that the rule is about.
    public var field: String? { violations.first?.field }
}
