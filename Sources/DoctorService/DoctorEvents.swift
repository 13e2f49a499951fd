import Contracts
import RPC
import ServiceKit
import Storage

/// What the doctor service tells others.
enum DoctorEvent: String, CaseIterable {
    case registered = "doctor.registered"
    case changed = "doctor.changed"
    case deactivated = "doctor.deactivated"

    static let types = Set(allCases.map(\.rawValue))
}

extension DoctorService {
    func event(_ event: DoctorEvent, of doctor: Doctor, _ context: CallContext) -> OutboxEvent {
        let message = DoctorChanged(
            doctorID: doctor.doctorID, department: doctor.department, active: doctor.status == .active, version: doctor.version)
        return resources.event(event.rawValue, of: doctor.doctorID, message, context)
    }
}
