public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage

extension DoctorService {
    /// Replaces the weekly working hours. The same hours again leave the version as it is.
    public func setDoctorSchedule(_ request: SetDoctorScheduleRequest, _ context: CallContext) async throws -> SetDoctorScheduleResponse {
        let schedule = try Schedule(request.workingHours)
        return try await commit(context, on: database) { transaction in
            let doctor = try transaction.doctor(request.doctorID)
            if let rejection = rejectionOfChange(whereDoctorIsActive: doctor.status == .active) { throw rejection }
            var stored = try transaction.schedule(of: doctor.doctorID)
            if stored.version == 0 || stored.schedule != schedule {
                stored = StoredSchedule(schedule: schedule, version: stored.version + 1)
                try transaction.replaceSchedule(of: doctor.doctorID, by: stored)
            }
            return SetDoctorScheduleResponse(schedule: DoctorSchedule(stored, of: doctor.doctorID))
        }
    }

    /// Reads the weekly working hours; version 0 while nobody has set them.
    public func getDoctorSchedule(_ request: GetDoctorScheduleRequest, _ context: CallContext) async throws -> GetDoctorScheduleResponse {
        let stored = try await database.read { reader in
            let doctor = try reader.doctor(request.doctorID)
            return try reader.schedule(of: doctor.doctorID)
        }
        return GetDoctorScheduleResponse(schedule: DoctorSchedule(stored, of: request.doctorID))
    }
}
