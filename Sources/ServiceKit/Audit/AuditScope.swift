/// Which of the calls that the contract marks with `audit: true` are kept.
public enum AuditScope: String, CaseIterable, Sendable {
    case none, changes, all

    func covers(readOnly: Bool) -> Bool {
        switch self {
        case .none: false
        case .changes: !readOnly
        case .all: true
        }
    }
}
