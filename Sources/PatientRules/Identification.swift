public import Vocabulary

/// What tells patients apart before anything else is asked.
public struct PatientIdentity: PersonIdentity {
    public let name: FoldedText
    /// YYYY-MM-DD.
    public let dob: String

    public init(name: String, dob: String) {
        self.name = FoldedText(name)
        self.dob = dob
    }

    /// An update may correct the name or the date of birth, not both, of somebody who can be reached as before.
    public func mayCorrect(_ other: PatientIdentity, isReachedAsBefore: Bool) -> Bool {
        isReachedAsBefore && (name == other.name || dob == other.dob)
    }
}

/// Somebody whom another system calls a patient.
public typealias ImportedPatient = ImportedPerson<PatientIdentity>

/// What an import is refused with; nil where it is clear who is meant.
public func rejection(of identification: Identification) -> Rejection? {
    switch identification {
    case .newcomer, .present:
        return nil
    case .sourceIDTaken(let owner):
        return Rejection(.sourceIDTaken, "This source id means \(owner), who has another name or date of birth.")
    case .undecided(let candidates):
        let named = candidates.prefix(Identification.namedAtMost).joined(separator: ", ")
        return Rejection(.possibleDuplicate, "Nothing tells this patient from others of the name and date of birth: \(named).")
    }
}
