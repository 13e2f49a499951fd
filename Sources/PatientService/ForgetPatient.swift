public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Erases who a patient was, once the appointment and billing services have said that nothing stands against it, and while
    /// he can be neither booked nor billed. Every other service hears of it by an event. One who was forgotten stays so, and
    /// nobody is asked.
    public func forgetPatient(_ request: ForgetPatientRequest, _ context: CallContext) async throws -> ForgetPatientResponse {
        context.noteReason(request.reason)
        let patient = try await database.read { try $0.storedPatient(request.patientID).patient }
        guard patient.forgottenAt == nil else { return ForgetPatientResponse(patient: patient) }
        let (facts, hold) = try await peers.deletionFacts(of: request.patientID, context)
        if let rejection = rejectionOfDeletion(given: facts) { throw rejection }
        return try await commit(context, on: database) { [self] transaction in
            let patient = try transaction.storedPatient(request.patientID).patient
            guard patient.forgottenAt == nil else { return ForgetPatientResponse(patient: patient) }
            try hold.requireTime()
            return ForgetPatientResponse(patient: try forget(patient.patientID, transaction, context))
        }
    }

    private func forget(_ patientID: String, _ transaction: Transaction, _ context: CallContext) throws -> Patient {
        let person = ForgottenPerson(id: patientID, forgottenAt: resources.clock.now().millisecondsSinceEpoch)
        try transaction.forget(person) { try $1.erasePatient($0) }
        let forgotten = try transaction.storedPatient(patientID).patient
        try transaction.publish(event(.forgotten, of: forgotten, context))
        return forgotten
    }
}
