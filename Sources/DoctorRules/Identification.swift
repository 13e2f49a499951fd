public import Vocabulary

/// What tells doctors apart before anything else is asked.
public struct DoctorIdentity: PersonIdentity {
    public let name: FoldedText
    public let department: FoldedText
    public let specialization: FoldedText

    public init(name: String, department: String, specialization: String) {
        self.name = FoldedText(name)
        self.department = FoldedText(department)
        self.specialization = FoldedText(specialization)
    }

    /// An update may bring a doctor of that name to other work, and correct the name of one who can be reached as before.
    public func mayCorrect(_ other: DoctorIdentity, isReachedAsBefore: Bool) -> Bool {
        name == other.name || isReachedAsBefore && hasWork(of: other)
    }

    private func hasWork(of other: DoctorIdentity) -> Bool {
        department == other.department && specialization == other.specialization
    }
}

/// Somebody whom another system calls a doctor.
public typealias ImportedDoctor = ImportedPerson<DoctorIdentity>

/// What an import is refused with; nil where it is clear who is meant.
public func rejection(of identification: Identification) -> Rejection? {
    switch identification {
    case .newcomer, .present:
        return nil
    case .sourceIDTaken(let owner):
        return Rejection(.sourceIDTaken, "This source id means \(owner), who has another name, department or specialization.")
    case .undecided(let candidates):
        let named = candidates.prefix(Identification.namedAtMost).joined(separator: ", ")
        return Rejection(
            .possibleDuplicate, "Nothing tells this doctor from others of the name, department and specialization: \(named).")
    }
}
