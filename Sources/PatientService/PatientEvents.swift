import Contracts
import RPC
import ServiceKit
import Storage

/// What the patient service tells others.
enum PatientEvent: String {
    case registered = "patient.registered"
    case changed = "patient.changed"
    case deactivated = "patient.deactivated"
}

extension PatientService {
    func event(_ event: PatientEvent, of patient: Patient, _ context: CallContext) -> OutboxEvent {
        let message = PatientChanged(patientID: patient.patientID, active: patient.status == .active, version: patient.version)
        return resources.event(event.rawValue, of: patient.patientID, message, context)
    }
}
