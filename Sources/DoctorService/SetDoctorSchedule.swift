public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage

extension DoctorService {
    /// Replaces the weekly working hours, once no future active appointment lies outside the new ones, and while none can be
    /// made; with `appointments` KEEP those outside stay, and only no other can be made. The same hours again leave the version as it is, and nobody is asked.
    ///
    /// With `appointments` CANCEL those outside are cancelled first. Should this process die before the hours are replaced,
    /// replacing them again cancels what is left and goes on.
    public func setDoctorSchedule(_ request: SetDoctorScheduleRequest, _ context: CallContext) async throws -> SetDoctorScheduleResponse {
        let schedule = try Schedule(request.workingHours)
        let hold = try await clear(outside: schedule, for: request, context)
        return try await commitChange(context) { transaction in
            let doctor = try transaction.doctor(request.doctorID)
            if let rejection = rejectionOfChange(whereDoctorIsActive: doctor.status == .active) { throw rejection }
            var stored = try transaction.schedule(of: doctor.doctorID)
            if stored.schedule != schedule { try requireTime(of: hold) }
            if stored.version == 0 || stored.schedule != schedule {
                stored = StoredSchedule(schedule: schedule, version: stored.version + 1)
                try transaction.replaceSchedule(of: doctor.doctorID, by: stored)
            }
            return SetDoctorScheduleResponse(schedule: DoctorSchedule(stored, of: doctor.doctorID))
        }
    }

    /// Nil where the hours are what they were, so that no appointment can stand in the way.
    private func clear(
        outside schedule: Schedule, for request: SetDoctorScheduleRequest, _ context: CallContext
    ) async throws -> BookingHold? {
        let (doctor, current) = try await database.read { reader in
            (try reader.doctor(request.doctorID), try reader.schedule(of: request.doctorID).schedule)
        }
        if let rejection = rejectionOfChange(whereDoctorIsActive: doctor.status == .active) { throw rejection }
        let outside = AppointmentsOfDoctor(startingAfter: resources.clock.now(), of: request.doctorID, outside: schedule)
        switch request.appointments {
        case .keep: return current == schedule ? nil : try await peers.hold(outside, despiteActive: true, context).hold
        case .cancel: return try await peers.cancel(outside, because: "The doctor's working hours have changed.", context)
        case .unspecified, .unrecognized:
            if current == schedule { return nil }
            let (active, hold) = try await peers.hold(outside, context)
            if let rejection = rejectionOfSchedule(leavingOutside: active) { throw rejection }
            return hold
        }
    }

    /// - Throws: `UNAVAILABLE` where somebody else has changed the hours since nobody was asked because they were the same.
    private func requireTime(of hold: BookingHold?) throws {
        guard let hold else { throw RPCError.unavailable("The working hours have changed meanwhile.", retryAfter: .seconds(1)) }
        try hold.requireTime()
    }
}
