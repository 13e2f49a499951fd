import Contracts
import PatientRules
import Vocabulary

/// The request of an import, read.
struct PatientRow: Sendable {
    let request: ImportPatientRequest
    let dob: LocalDate
    let sourceID: SourceID?
    let region: PhoneRegion

    /// - Throws: `INVALID_ARGUMENT`.
    init(_ request: ImportPatientRequest, on today: LocalDate, in region: PhoneRegion) throws(Rejection) {
        self.region = region
        dob = try LocalDate(request.dob, field: "dob")
        if let violation = violation(ofDateOfBirth: dob, on: today, field: "dob") { throw Rejection(invalid: [violation]) }
        self.request = request
        sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
    }

    var imported: ImportedPatient {
        ImportedPatient(
            identity: PatientIdentity(name: request.name, dob: dob.description),
            arrival: Arrival(
                contacts: Contacts(email: request.email, phone: request.phone, in: region), hasSourceID: sourceID != nil,
                allowsDuplicate: request.allowDuplicate),
            updates: request.update)
    }

    /// A new patient, who gets an id, a time and a version when he is stored.
    var newPatient: Patient {
        Patient(
            name: request.name, email: request.email, phone: request.phone, dob: dob.description, allergies: request.allergies,
            status: .active)
    }

    /// A patient who is here, with everything that the row says of him; in the next version where that is anything new.
    func updating(_ patient: Patient) -> Patient {
        var updated = patient
        updated.name = request.name
        updated.email = request.email ?? patient.email
        updated.phone = request.phone ?? patient.phone
        updated.dob = dob.description
        updated.allergies = allergies(patient.allergies, with: request.allergies)
        if updated != patient { updated.version += 1 }
        return updated
    }

    /// What tells the row from a patient of the same name and date of birth.
    func namesake(_ patient: Patient, isKnown: Bool) -> Namesake {
        Namesake(
            id: patient.patientID, contacts: patient.contacts(in: region), hasOtherSourceID: isKnown,
            hasAllThatIsSaid: allergies(patient.allergies, with: request.allergies) == patient.allergies)
    }
}

extension KnownPatient {
    func owner(in region: PhoneRegion) -> SourceIDOwner<PatientIdentity> {
        SourceIDOwner(
            id: stored.patient.patientID, remembered: remembered,
            recorded: PatientIdentity(name: stored.patient.name, dob: stored.patient.dob),
            contacts: stored.patient.contacts(in: region))
    }
}

extension Patient {
    fileprivate func contacts(in region: PhoneRegion) -> Contacts { Contacts(email: email, phone: phone, in: region) }
}
