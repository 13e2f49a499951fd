public import Vocabulary

/// Something that a doctor wants to prescribe.
public struct PrescriptionWish: Hashable, Sendable {
    /// Whom the caller believes the appointment to be of; nil where he does not say.
    public let patientID: String?
    /// Whose appointment the caller believes it to be; nil where he does not say.
    public let doctorID: String?
    public let medication: String
    /// Whether the doctor has said why he prescribes it in spite of a recorded allergy.
    public let overridesAllergies: Bool

    public init(patientID: String?, doctorID: String?, medication: String, overridesAllergies: Bool) {
        self.patientID = patientID
        self.doctorID = doctorID
        self.medication = medication
        self.overridesAllergies = overridesAllergies
    }
}

/// The appointment that something is prescribed for, and what its patient must not be given.
public struct PrescriptionFacts: Hashable, Sendable {
    /// Whether the appointment is CHECKED_IN or COMPLETED.
    public let isEligible: Bool
    public let patientID: String
    public let doctorID: String
    /// In the words of the patient's record.
    public let allergies: [String]
    /// Whether the appointment is a visit of the past that was imported.
    public let isHistory: Bool

    public init(isEligible: Bool, patientID: String, doctorID: String, allergies: [String], isHistory: Bool = false) {
        self.isEligible = isEligible
        self.patientID = patientID
        self.doctorID = doctorID
        self.allergies = allergies
        self.isHistory = isHistory
    }
}

/// The rules of prescriptions that a wish breaks, in their order. The first is the answer.
public func rejections(of wish: PrescriptionWish, given facts: PrescriptionFacts) -> [Rejection] {
    var broken: [Rejection] = []
    if !facts.isEligible {
        broken.append(
            Rejection(.appointmentNotEligible, "Only for an appointment that is checked in or completed.", field: "appointment_id"))
    }
    if let patientID = wish.patientID, patientID != facts.patientID {
        broken.append(Rejection(.patientMismatch, "The appointment is of another patient.", field: "patient_id"))
    }
    if let doctorID = wish.doctorID, doctorID != facts.doctorID {
        broken.append(Rejection(.doctorMismatch, "The appointment is with another doctor.", field: "doctor_id"))
    }
    if needsOverride(wish, given: facts) {
        broken.append(Rejection(.allergyConflict, "It matches a recorded allergy of the patient.", field: "medication"))
    }
    return broken
}

/// Whether it matches a recorded allergy of the patient, and nobody says why it is prescribed in spite of it.
public func needsOverride(_ wish: PrescriptionWish, given facts: PrescriptionFacts) -> Bool {
    !wish.overridesAllergies && facts.allergies.contains { Allergy($0).matches(wish.medication) }
}

/// The rules that a prescription of another system breaks, in their order. What was prescribed on an imported visit was, be
/// the patient allergic to it or not.
public func rejectionsOfImport(of wish: PrescriptionWish, given facts: PrescriptionFacts) -> [Rejection] {
    rejections(of: wish, given: facts).filter { !facts.isHistory || $0.code != .allergyConflict }
}

/// The override reason of an imported prescription that matches a recorded allergy, where none is given.
public let overrideOfImport = "Prescribed elsewhere, before it was imported"
