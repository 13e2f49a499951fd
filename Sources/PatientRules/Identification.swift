public import Vocabulary

/// What tells patients apart before anything else is asked.
public struct PatientIdentity: Hashable, Sendable {
    public let name: FoldedText
    /// YYYY-MM-DD.
    public let dob: String

    public init(name: String, dob: String) {
        self.name = FoldedText(name)
        self.dob = dob
    }

    fileprivate func sharesNameOrDateOfBirth(with other: PatientIdentity) -> Bool {
        name == other.name || dob == other.dob
    }
}

/// Somebody whom another system calls a patient.
public struct ImportedPatient: Hashable, Sendable {
    public let identity: PatientIdentity
    public let arrival: Arrival
    /// Whether a record that is here is to become what the import says.
    public let updates: Bool

    public init(identity: PatientIdentity, arrival: Arrival, updates: Bool) {
        self.identity = identity
        self.arrival = arrival
        self.updates = updates
    }
}

/// The patient whom the source's id means.
public struct SourceIDOwner: Hashable, Sendable {
    public let id: String
    /// What the source has said of him last.
    public let remembered: PatientIdentity
    /// What his record says now.
    public let recorded: PatientIdentity
    public let contacts: Contacts

    public init(id: String, remembered: PatientIdentity, recorded: PatientIdentity, contacts: Contacts) {
        self.id = id
        self.remembered = remembered
        self.recorded = recorded
        self.contacts = contacts
    }
}

/// What is known of those whom an imported patient can be.
public struct IdentificationFacts: Hashable, Sendable {
    /// Nil where no patient carries the source's id, or the source gives none.
    public let owner: SourceIDOwner?
    /// Every patient of the name and date of birth, inactive ones too, the oldest first.
    public let namesakes: [Namesake]

    public init(owner: SourceIDOwner?, namesakes: [Namesake]) {
        self.owner = owner
        self.namesakes = namesakes
    }
}

/// History: a source id means one patient, for ever, a deleted one too. Without one, e-mail and phone tell namesakes apart.
public func identification(of patient: ImportedPatient, given facts: IdentificationFacts) -> Identification {
    guard let owner = facts.owner else { return Identification(of: patient.arrival, among: facts.namesakes) }
    guard patient.isMeant(by: owner) else { return .sourceIDTaken(by: owner.id) }
    guard patient.updates, patient.identity != owner.recorded else { return .present(owner.id, namesakes: []) }
    return Identification(of: owner.id, changedTo: patient.arrival, among: facts.namesakes)
}

extension ImportedPatient {
    /// An update may correct the name or the date of birth, not both, of somebody who can be reached as before.
    fileprivate func isMeant(by owner: SourceIDOwner) -> Bool {
        if identity == owner.remembered || identity == owner.recorded { return true }
        guard updates, arrival.contacts.agree(with: owner.contacts) else { return false }
        return identity.sharesNameOrDateOfBirth(with: owner.recorded) || identity.sharesNameOrDateOfBirth(with: owner.remembered)
    }
}

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
