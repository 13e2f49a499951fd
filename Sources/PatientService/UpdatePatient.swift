public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Changes the fields that the mask names. What changes nothing leaves the version as it is.
    public func updatePatient(_ request: UpdatePatientRequest, _ context: CallContext) async throws -> UpdatePatientResponse {
        let changes = request.patient ?? PatientChanges()
        let mask = UpdateMask(request.updateMask, orSet: changes.setFields)
        context.noteChange(of: mask.fields)
        let change = RecordChange(
            expectedVersion: request.expectedVersion, dob: try changes.dateOfBirth(if: mask.contains("dob")),
            allowsDuplicate: changes.allowDuplicate)
        return try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.storedPatient(request.patientID)
            let patient = stored.patient.changed(by: changes, mask)
            let namesake = try transaction.namesake(of: patient, insteadOf: stored.patient)
            if let rejection = rejection(of: change, given: facts(of: stored.patient, namesake: namesake)) { throw rejection }
            guard let patient else { return UpdatePatientResponse(patient: stored.patient) }
            try transaction.update(stored, to: patient, in: phoneRegion)
            try transaction.publish(event(.changed, of: patient, context))
            return UpdatePatientResponse(patient: patient)
        }
    }

    private func facts(of patient: Patient, namesake: String?) -> RecordChangeFacts {
        RecordChangeFacts(isActive: patient.status == .active, version: patient.version, today: today, namesake: namesake)
    }
}

extension Reader {
    /// Whose name and date of birth a change takes on; nil where it leaves both as they were.
    fileprivate func namesake(of patient: Patient?, insteadOf stored: Patient) throws -> String? {
        guard let patient, let dob = LocalDate(patient.dob) else { return nil }
        let name = FoldedText(patient.name)
        guard name != FoldedText(stored.name) || patient.dob != stored.dob else { return nil }
        return try namesake(of: name, born: dob, except: patient.patientID)
    }
}

extension PatientChanges {
    fileprivate var setFields: KeyValuePairs<String, Bool> {
        ["name": name != nil, "email": email != nil, "phone": phone != nil, "dob": dob != nil, "allergies": !allergies.isEmpty]
    }

    fileprivate func dateOfBirth(if isNamed: Bool) throws(Rejection) -> LocalDate? {
        guard isNamed, let text = dob else { return nil }
        return try LocalDate(text, field: "patient.dob")
    }
}

extension Patient {
    /// The patient in the next version; nil where the change changes nothing.
    fileprivate func changed(by changes: PatientChanges, _ mask: UpdateMask) -> Patient? {
        var patient = self
        if mask.contains("name"), let name = changes.name { patient.name = name }
        if mask.contains("email") { patient.email = changes.email }
        if mask.contains("phone") { patient.phone = changes.phone }
        if mask.contains("dob"), let dob = changes.dob { patient.dob = dob }
        if mask.contains("allergies") { patient.allergies = changes.allergies }
        guard patient != self else { return nil }
        patient.version += 1
        return patient
    }
}
