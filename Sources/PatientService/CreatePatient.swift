public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Registers a patient. The look for a namesake and the new row are one transaction, so that of many registrations
    /// of the same person at the same time one is made.
    public func createPatient(_ request: CreatePatientRequest, _ context: CallContext) async throws -> CreatePatientResponse {
        let registration = Registration(dob: try LocalDate(request.dob, field: "dob"), allowsDuplicate: request.allowDuplicate)
        let patient = newPatient(from: request, dob: registration.dob)
        let event = event(.registered, of: patient, context)
        return try await commit(context, on: database) { [today, phoneRegion] transaction in
            let namesake = try transaction.namesake(of: FoldedText(patient.name), born: registration.dob)
            if let rejection = rejection(of: registration, given: RegistrationFacts(today: today, namesake: namesake)) {
                throw rejection
            }
            try transaction.insert(patient, in: phoneRegion)
            try transaction.publish(event)
            return CreatePatientResponse(patient: patient)
        }
    }

    private func newPatient(from request: CreatePatientRequest, dob: LocalDate) -> Patient {
        Patient(
            patientID: resources.ids.make(.patient), name: request.name, email: request.email, phone: request.phone,
            dob: dob.description, allergies: request.allergies, status: .active, createdAt: ProtobufTimestamp(resources.clock.now()),
            version: 1)
    }
}
