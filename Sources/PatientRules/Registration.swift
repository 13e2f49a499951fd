public import Vocabulary

/// Somebody who is to become a patient.
public struct Registration: Hashable, Sendable {
    public let dob: LocalDate
    /// The caller knows that one of this name and date of birth exists, and means another person.
    public let allowsDuplicate: Bool

    public init(dob: LocalDate, allowsDuplicate: Bool) {
        self.dob = dob
        self.allowsDuplicate = allowsDuplicate
    }
}

/// What is known when a patient is registered.
public struct RegistrationFacts: Hashable, Sendable {
    /// The clinic's day.
    public let today: LocalDate
    /// Whether any patient, inactive ones too, has the same date of birth and the same name, compared as ``FoldedText``.
    public let hasNamesake: Bool

    public init(today: LocalDate, hasNamesake: Bool) {
        self.today = today
        self.hasNamesake = hasNamesake
    }
}

/// People: a real date of birth, and nobody twice unless that is meant. The first rule broken is the answer.
public func rejection(of registration: Registration, given facts: RegistrationFacts) -> Rejection? {
    if let violation = violation(ofDateOfBirth: registration.dob, on: facts.today, field: "dob") { return Rejection(invalid: [violation]) }
    if facts.hasNamesake && !registration.allowsDuplicate {
        return Rejection(.possibleDuplicate, "A patient with this name and date of birth exists.")
    }
    return nil
}
