public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Registers a doctor.
    public func createDoctor(_ request: CreateDoctorRequest, _ context: CallContext) async throws -> CreateDoctorResponse {
        let doctor = Doctor(
            doctorID: resources.ids.make(.doctor), name: request.name, email: request.email, phone: request.phone,
            department: request.department, specialization: request.specialization, consultationFee: request.consultationFee,
            status: .active, createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
        let event = event(.registered, of: doctor, context)
        return try await commitChange(context) { transaction in
            try transaction.insert(doctor)
            try transaction.publish(event)
            return CreateDoctorResponse(doctor: doctor)
        }
    }
}
