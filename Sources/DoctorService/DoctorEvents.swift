import Contracts
import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    func event(_ event: DoctorEvent, of doctor: Doctor, _ context: CallContext) -> OutboxEvent {
        let message = DoctorChanged(
            doctorID: doctor.doctorID, department: doctor.department, active: doctor.status == .active, version: doctor.version)
        return resources.event(event, of: doctor.doctorID, message, context)
    }
}
