public import Contracts
public import RPC
import Storage

extension DoctorService {
    /// Reads the weekly working hours; version 0 while nobody has set them.
    public func getDoctorSchedule(_ request: GetDoctorScheduleRequest, _ context: CallContext) async throws -> GetDoctorScheduleResponse {
        let stored = try await database.read { reader in
            let doctor = try reader.doctor(request.doctorID)
            return try reader.schedule(of: doctor.doctorID)
        }
        return GetDoctorScheduleResponse(schedule: DoctorSchedule(stored, of: request.doctorID))
    }
}
