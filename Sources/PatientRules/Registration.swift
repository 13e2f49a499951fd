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
    /// A patient, inactive ones too, who has the same date of birth and the same name, compared as ``FoldedText``.
    public let namesake: String?

    public init(today: LocalDate, namesake: String?) {
        self.today = today
        self.namesake = namesake
    }
}

/// People: a real date of birth, and nobody twice unless that is meant. The first rule broken is the answer.
public func rejection(of registration: Registration, given facts: RegistrationFacts) -> Rejection? {
    if let violation = violation(ofDateOfBirth: registration.dob, on: facts.today, field: "dob") { return Rejection(invalid: [violation]) }
    return rejectionOfDuplicate(facts.namesake, allowed: registration.allowsDuplicate)
}

/// Names the other patient, so that whoever asks can look whether it is the same person.
func rejectionOfDuplicate(_ namesake: String?, allowed: Bool) -> Rejection? {
    guard let namesake, !allowed else { return nil }
    return Rejection(.possibleDuplicate, "The patient \(namesake) has this name and date of birth.")
}
