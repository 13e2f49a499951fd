/// One thing that was looked at.
struct DoctorFinding: Codable, Hashable, Sendable {
    enum Verdict: String, Codable, Sendable {
        case fine, warning, wrong
    }

    let verdict: Verdict
    /// What was looked at: a file, a part.
    let subject: String
    let finding: String
    /// What to do about it; of what is fine, what to leave as it is.
    let remedy: String

    static func fine(_ subject: String, _ finding: String, keep: String = "nothing") -> DoctorFinding {
        DoctorFinding(verdict: .fine, subject: subject, finding: finding, remedy: keep)
    }

    static func warning(_ subject: String, _ finding: String, do remedy: String) -> DoctorFinding {
        DoctorFinding(verdict: .warning, subject: subject, finding: finding, remedy: remedy)
    }

    static func wrong(_ subject: String, _ finding: String, do remedy: String) -> DoctorFinding {
        DoctorFinding(verdict: .wrong, subject: subject, finding: finding, remedy: remedy)
    }
}
