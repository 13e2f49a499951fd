public import Vocabulary

/// A wish to change the record of a patient.
public struct RecordChange: Hashable, Sendable {
    /// The version that the caller has read; nil where he does not care.
    public let expectedVersion: Int64?
    /// The new date of birth; nil where it stays.
    public let dob: LocalDate?
    /// The caller knows that another patient has the name and date of birth that come of it.
    public let allowsDuplicate: Bool

    public init(expectedVersion: Int64?, dob: LocalDate?, allowsDuplicate: Bool = false) {
        self.expectedVersion = expectedVersion
        self.dob = dob
        self.allowsDuplicate = allowsDuplicate
    }
}

/// The record that is to change, and the clinic's day.
public struct RecordChangeFacts: Hashable, Sendable {
    public let isActive: Bool
    public let version: Int64
    public let today: LocalDate
    /// Another patient, inactive ones too, of the name and date of birth that come of the change, where it makes new ones:
    /// compared as ``FoldedText``, so that other capitals or accents are no other name.
    public let namesake: String?

    public init(isActive: Bool, version: Int64, today: LocalDate, namesake: String? = nil) {
        self.namesake = namesake
        self.isActive = isActive
        self.version = version
        self.today = today
    }
}

/// The first rule broken is the answer. A deleted patient's record stays readable and is history: it does not change.
public func rejection(of change: RecordChange, given facts: RecordChangeFacts) -> Rejection? {
    if let expected = change.expectedVersion, expected != facts.version {
        return Rejection(.versionMismatch, "The patient was changed in the meantime.")
    }
    if !facts.isActive { return Rejection(.patientInactive, "The patient is inactive.") }
    if let dob = change.dob, let violation = violation(ofDateOfBirth: dob, on: facts.today, field: "patient.dob") {
        return Rejection(invalid: [violation])
    }
    return rejectionOfDuplicate(facts.namesake, allowed: change.allowsDuplicate)
}
