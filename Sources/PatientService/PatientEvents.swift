import Contracts
import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    func event(_ event: PatientEvent, of patient: Patient, _ context: CallContext) -> OutboxEvent {
        let message = PatientChanged(patientID: patient.patientID, active: patient.status == .active, version: patient.version)
        return resources.event(event, of: patient.patientID, message, context)
    }
}
