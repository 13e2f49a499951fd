/// Who is meant by somebody whom an import names. Two people are never merged in silence: where it can't be told, it is asked.
public enum Identification: Hashable, Sendable {
    /// Nobody who is here. The namesakes are other people.
    case newcomer(namesakes: [String])
    /// This one. The namesakes are those whose namesake he becomes by what the import changes.
    case present(String, namesakes: [String])
    /// The source's id means this one, who is somebody else.
    case sourceIDTaken(by: String)
    /// One of these, perhaps.
    case undecided(among: [String])

    /// So many people are named in an answer.
    public static let namedAtMost = 20
}

/// Somebody whom an import names, and whose namesakes are to tell whether he is here.
public struct Arrival: Hashable, Sendable {
    public let contacts: Contacts
    /// Whether his source gives him an id; nobody here carries it.
    public let hasSourceID: Bool
    /// The caller knows that he may be taken for somebody here, and means another person.
    public let allowsDuplicate: Bool

    public init(contacts: Contacts, hasSourceID: Bool, allowsDuplicate: Bool) {
        self.contacts = contacts
        self.hasSourceID = hasSourceID
        self.allowsDuplicate = allowsDuplicate
    }
}

/// Somebody here, ACTIVE or not, who has the same name as an arrival, and whatever else people of one name are told apart by.
public struct Namesake: Hashable, Sendable {
    public let id: String
    public let contacts: Contacts
    /// Whether the arrival's source knows him by another id.
    public let hasOtherSourceID: Bool
    /// Whether his record has everything in it that is said of the arrival, beside the contacts.
    public let hasAllThatIsSaid: Bool

    public init(id: String, contacts: Contacts, hasOtherSourceID: Bool, hasAllThatIsSaid: Bool) {
        self.id = id
        self.contacts = contacts
        self.hasOtherSourceID = hasOtherSourceID
        self.hasAllThatIsSaid = hasAllThatIsSaid
    }
}

/// What tells people of one kind apart before anything else is asked.
public protocol PersonIdentity: Hashable, Sendable {
    /// Whether an update may say this of somebody of whom `other` is known.
    ///
    /// - Parameter isReachedAsBefore: whether the update's contacts agree with his.
    func mayCorrect(_ other: Self, isReachedAsBefore: Bool) -> Bool
}

/// Somebody whom another system knows.
public struct ImportedPerson<Identity: PersonIdentity>: Hashable, Sendable {
    public let identity: Identity
    public let arrival: Arrival
    /// Whether a record that is here is to become what the import says.
    public let updates: Bool

    public init(identity: Identity, arrival: Arrival, updates: Bool) {
        self.identity = identity
        self.arrival = arrival
        self.updates = updates
    }
}

/// Whom the source's id means.
public struct SourceIDOwner<Identity: PersonIdentity>: Hashable, Sendable {
    public let id: String
    /// What the source has said of him last.
    public let remembered: Identity
    /// What his record says now.
    public let recorded: Identity
    public let contacts: Contacts

    public init(id: String, remembered: Identity, recorded: Identity, contacts: Contacts) {
        self.id = id
        self.remembered = remembered
        self.recorded = recorded
        self.contacts = contacts
    }
}

/// What is known of those whom an imported person can be.
public struct IdentificationFacts<Identity: PersonIdentity>: Hashable, Sendable {
    /// Nil where nobody carries the source's id, or the source gives none.
    public let owner: SourceIDOwner<Identity>?
    /// Everybody of the same identity, inactive ones too, the oldest first.
    public let namesakes: [Namesake]

    public init(owner: SourceIDOwner<Identity>?, namesakes: [Namesake]) {
        self.owner = owner
        self.namesakes = namesakes
    }
}

extension Identification {
    /// History: a source id means one person, for ever, a deleted one too. Without one, e-mail and phone tell namesakes apart.
    public init<Identity>(of person: ImportedPerson<Identity>, given facts: IdentificationFacts<Identity>) {
        guard let owner = facts.owner else {
            self.init(of: person.arrival, among: facts.namesakes)
            return
        }
        if !person.isMeant(by: owner) {
            self = .sourceIDTaken(by: owner.id)
        } else if person.updates, person.identity != owner.recorded {
            self.init(of: owner.id, changedTo: person.arrival, among: facts.namesakes)
        } else {
            self = .present(owner.id, namesakes: [])
        }
    }

    /// Looks for somebody among his namesakes. The first line that fits is the answer.
    ///
    /// - Parameter namesakes: all of them, the oldest first.
    public init(of arrival: Arrival, among namesakes: [Namesake]) {
        if !arrival.hasSourceID, let same = namesakes.first(where: { $0.isJust(arrival) }) {
            self = .present(same.id, namesakes: [])
        } else if let only = namesakes.onlyOneAlike(arrival), !only.hasOtherSourceID {
            self = .present(only.id, namesakes: [])
        } else if let unclear = namesakes.unclear(to: arrival) {
            self = .undecided(among: unclear)
        } else {
            self = .newcomer(namesakes: namesakes.map(\.id))
        }
    }

    /// Somebody here whose name, or whatever else tells people apart, is changed by the import: is he somebody else here then?
    public init(of present: String, changedTo arrival: Arrival, among namesakes: [Namesake]) {
        let others = namesakes.filter { $0.id != present }
        if let unclear = others.unclear(to: arrival) {
            self = .undecided(among: unclear)
        } else {
            self = .present(present, namesakes: others.map(\.id))
        }
    }
}

extension ImportedPerson {
    fileprivate func isMeant(by owner: SourceIDOwner<Identity>) -> Bool {
        if identity == owner.remembered || identity == owner.recorded { return true }
        let isReachedAsBefore = arrival.contacts.agree(with: owner.contacts)
        return updates
            && [owner.recorded, owner.remembered].contains { identity.mayCorrect($0, isReachedAsBefore: isReachedAsBefore) }
    }
}

extension Namesake {
    /// Whether his record says of him what is said of the arrival, and no more of how to reach him.
    fileprivate func isJust(_ arrival: Arrival) -> Bool {
        contacts == arrival.contacts && hasAllThatIsSaid
    }

    fileprivate func isAlike(_ arrival: Arrival) -> Bool {
        contacts.agree(with: arrival.contacts) && !contacts.contradict(arrival.contacts)
    }
}

extension [Namesake] {
    /// The one who can be reached like the arrival; nil where there is none, or several.
    fileprivate func onlyOneAlike(_ arrival: Arrival) -> Namesake? {
        let alike = filter { $0.isAlike(arrival) }
        return alike.count == 1 ? alike.first : nil
    }

    /// Those whom no contact tells from the arrival; nil where there is none, or he is known to be another person.
    fileprivate func unclear(to arrival: Arrival) -> [String]? {
        let unclear = filter { !$0.contacts.contradict(arrival.contacts) }
        return unclear.isEmpty || arrival.allowsDuplicate ? nil : unclear.map(\.id)
    }
}
