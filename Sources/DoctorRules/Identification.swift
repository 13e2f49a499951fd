public import Vocabulary

/// What tells doctors apart before anything else is asked.
public struct DoctorIdentity: Hashable, Sendable {
    public let name: FoldedText
    public let department: FoldedText
    public let specialization: FoldedText

    public init(name: String, department: String, specialization: String) {
        self.name = FoldedText(name)
        self.department = FoldedText(department)
        self.specialization = FoldedText(specialization)
    }

    fileprivate func hasWork(of other: DoctorIdentity) -> Bool {
        department == other.department && specialization == other.specialization
    }
}

/// Somebody whom another system calls a doctor.
public struct ImportedDoctor: Hashable, Sendable {
    public let identity: DoctorIdentity
    public let arrival: Arrival
    /// Whether a record that is here is to become what the import says.
    public let updates: Bool

    public init(identity: DoctorIdentity, arrival: Arrival, updates: Bool) {
        self.identity = identity
        self.arrival = arrival
        self.updates = updates
    }
}

/// The doctor whom the source's id means.
public struct SourceIDOwner: Hashable, Sendable {
    public let id: String
    /// What the source has said of him last.
    public let remembered: DoctorIdentity
    /// What his record says now.
    public let recorded: DoctorIdentity
    public let contacts: Contacts

    public init(id: String, remembered: DoctorIdentity, recorded: DoctorIdentity, contacts: Contacts) {
        self.id = id
        self.remembered = remembered
        self.recorded = recorded
        self.contacts = contacts
    }
}

/// What is known of those whom an imported doctor can be.
public struct IdentificationFacts: Hashable, Sendable {
    /// Nil where no doctor carries the source's id, or the source gives none.
    public let owner: SourceIDOwner?
    /// Every doctor of the name, department and specialization, inactive ones too, the oldest first.
    public let namesakes: [Namesake]

    public init(owner: SourceIDOwner?, namesakes: [Namesake]) {
        self.owner = owner
        self.namesakes = namesakes
    }
}

/// History: a source id means one doctor, for ever, a deleted one too. Without one, e-mail and phone tell namesakes apart.
public func identification(of doctor: ImportedDoctor, given facts: IdentificationFacts) -> Identification {
    guard let owner = facts.owner else { return Identification(of: doctor.arrival, among: facts.namesakes) }
    guard doctor.isMeant(by: owner) else { return .sourceIDTaken(by: owner.id) }
    guard doctor.updates, doctor.identity != owner.recorded else { return .present(owner.id, namesakes: []) }
    return Identification(of: owner.id, changedTo: doctor.arrival, among: facts.namesakes)
}

extension ImportedDoctor {
    /// An update may bring a doctor of that name to other work, and correct the name of one who can be reached as before.
    fileprivate func isMeant(by owner: SourceIDOwner) -> Bool {
        if identity == owner.remembered || identity == owner.recorded { return true }
        guard updates else { return false }
        if identity.name == owner.recorded.name || identity.name == owner.remembered.name { return true }
        guard arrival.contacts.agree(with: owner.contacts) else { return false }
        return identity.hasWork(of: owner.recorded) || identity.hasWork(of: owner.remembered)
    }
}

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
