import Contracts
import DoctorRules
import Vocabulary

/// The request of an import, read.
struct DoctorRow: Sendable {
    let request: ImportDoctorRequest
    let sourceID: SourceID?
    let region: PhoneRegion

    /// - Throws: `INVALID_ARGUMENT`.
    init(_ request: ImportDoctorRequest, in region: PhoneRegion) throws(Rejection) {
        self.region = region
        self.request = request
        sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
    }

    var imported: ImportedDoctor {
        ImportedDoctor(
            identity: DoctorIdentity(name: request.name, department: request.department, specialization: request.specialization),
            arrival: Arrival(
                contacts: Contacts(email: request.email, phone: request.phone, in: region), hasSourceID: sourceID != nil,
                allowsDuplicate: request.allowDuplicate),
            updates: request.update)
    }

    /// A new doctor, who gets an id, a time and a version when he is stored.
    var newDoctor: Doctor {
        Doctor(
            name: request.name, email: request.email, phone: request.phone, department: request.department,
            specialization: request.specialization, consultationFee: request.consultationFee, status: .active)
    }

    /// A doctor who is here, with everything that the row says of him; in the next version where that is anything new.
    func updating(_ doctor: Doctor) -> Doctor {
        var updated = doctor
        updated.name = request.name
        updated.email = request.email ?? doctor.email
        updated.phone = request.phone ?? doctor.phone
        updated.department = request.department
        updated.specialization = request.specialization
        updated.consultationFee = request.consultationFee ?? doctor.consultationFee
        if updated != doctor { updated.version += 1 }
        return updated
    }

    /// What tells the row from a doctor of the same name, department and specialization.
    func namesake(_ doctor: Doctor, isKnown: Bool) -> Namesake {
        Namesake(
            id: doctor.doctorID, contacts: doctor.contacts(in: region), hasOtherSourceID: isKnown,
            hasAllThatIsSaid: request.consultationFee == nil || request.consultationFee == doctor.consultationFee)
    }
}

extension KnownDoctor {
    func owner(in region: PhoneRegion) -> SourceIDOwner<DoctorIdentity> {
        SourceIDOwner(
            id: doctor.doctorID, remembered: remembered, recorded: doctor.identity,
            contacts: doctor.contacts(in: region))
    }
}

extension Doctor {
    fileprivate func contacts(in region: PhoneRegion) -> Contacts { Contacts(email: email, phone: phone, in: region) }

    fileprivate var identity: DoctorIdentity { DoctorIdentity(name: name, department: department, specialization: specialization) }
}
