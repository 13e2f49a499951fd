import Contracts
import ProtobufC
import RPC
import ServiceKit
import Storage
import Vocabulary

/// What the patient service tells others.
enum PatientEvent: String {
    case registered = "patient.registered"
    case changed = "patient.changed"
    case deactivated = "patient.deactivated"
}

extension PatientService {
    func event(_ event: PatientEvent, of patient: Patient, _ context: CallContext) -> OutboxEvent {
        let message = PatientChanged(patientID: patient.patientID, active: patient.status == .active, version: patient.version)
        return OutboxEvent(
            id: ids.make(prefix: "evt"), type: event.rawValue, aggregateID: patient.patientID, payload: message.protobuf(),
            correlationID: context.correlationID, createdAt: clock.now().millisecondsSinceEpoch)
    }
}
