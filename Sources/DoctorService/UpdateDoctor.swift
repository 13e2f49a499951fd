public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage

extension DoctorService {
    /// Changes the fields that the mask names. What changes nothing leaves the version as it is.
    public func updateDoctor(_ request: UpdateDoctorRequest, _ context: CallContext) async throws -> UpdateDoctorResponse {
        let changes = request.doctor ?? DoctorChanges()
        let mask = UpdateMask(request.updateMask, orSet: changes.setFields)
        context.noteChange(of: mask.fields)
        return try await commitChange(context) { [self] transaction in
            let current = try transaction.doctor(request.doctorID)
            let facts = RecordChangeFacts(isActive: current.status == .active, version: current.version)
            if let rejection = rejectionOfChange(expecting: request.expectedVersion, given: facts) { throw rejection }
            guard let doctor = current.changed(by: changes, mask) else { return UpdateDoctorResponse(doctor: current) }
            try transaction.update(current, to: doctor)
            try transaction.publish(event(.changed, of: doctor, context))
            return UpdateDoctorResponse(doctor: doctor)
        }
    }
}

extension DoctorChanges {
    fileprivate var setFields: KeyValuePairs<String, Bool> {
        [
            "name": name != nil, "email": email != nil, "phone": phone != nil, "department": department != nil,
            "specialization": specialization != nil, "consultation_fee": consultationFee != nil,
        ]
    }
}

extension Doctor {
    /// The doctor in the next version; nil where the change changes nothing.
    fileprivate func changed(by changes: DoctorChanges, _ mask: UpdateMask) -> Doctor? {
        var doctor = self
        if mask.contains("name"), let name = changes.name { doctor.name = name }
        if mask.contains("email") { doctor.email = changes.email }
        if mask.contains("phone") { doctor.phone = changes.phone }
        if mask.contains("department"), let department = changes.department { doctor.department = department }
        if mask.contains("specialization"), let specialization = changes.specialization { doctor.specialization = specialization }
        if mask.contains("consultation_fee") { doctor.consultationFee = changes.consultationFee }
        guard doctor != self else { return nil }
        doctor.version += 1
        return doctor
    }
}
