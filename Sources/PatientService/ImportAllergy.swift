public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage

extension PatientService {
    /// Adds an allergy to a record, or finds it there, in any case and spacing.
    public func importAllergy(_ request: ImportAllergyRequest, _ context: CallContext) async throws -> ImportAllergyResponse {
        if request.validateOnly {
            let recorded = try await database.read { try $0.storedPatient(request.patientID).patient }
            return response(to: try recording(request.allergy, in: recorded), recorded)
        }
        return try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.storedPatient(request.patientID)
            let patient = try recording(request.allergy, in: stored.patient)
            if patient != stored.patient {
                try transaction.update(stored, to: patient, in: phoneRegion)
                try transaction.publish(event(.changed, of: patient, context))
            }
            return response(to: patient, stored.patient)
        }
    }

    private func response(to patient: Patient, _ recorded: Patient) -> ImportAllergyResponse {
        ImportAllergyResponse(patient: patient, alreadyThere: patient == recorded)
    }

    /// The patient with the allergy, in the next version where it is new.
    private func recording(_ allergy: String, in recorded: Patient) throws -> Patient {
        var patient = recorded
        patient.allergies = allergies(recorded.allergies, with: [allergy])
        guard patient != recorded else { return recorded }
        let facts = RecordChangeFacts(isActive: recorded.status == .active, version: recorded.version, today: today)
        let change = RecordChange(expectedVersion: nil, dob: nil)
        if let rejection = rejection(of: change, given: facts) ?? rejection(ofAllergies: patient.allergies, field: "allergy") {
            throw rejection
        }
        patient.version += 1
        return patient
    }
}
