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

/// When a read that is kept is on the disk. Changes are there with what they change, emergency access and refusals before they are
/// answered, whatever is said here.
public enum AuditOfReads: String, CaseIterable, Sendable {
    /// Before it is answered: whoever has seen a record is in the audit, even if the machine loses its power then.
    case durable
    /// In a file that outlives the process before it is answered, and in the database a twentieth of a second later, all of that time in
    /// one commit. Only if the machine dies can what was read in that time be missing.
    case buffered
}
