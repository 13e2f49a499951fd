public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Makes a doctor INACTIVE, while nobody can be booked with him. One who is INACTIVE already stays so, and nobody is asked.
    ///
    /// Appointments that have begun stand in no way: he completes them. With the strategy CANCEL his future ones are
    /// cancelled first. Should this process die before he is
    /// INACTIVE, deleting him again cancels what is left and goes on.
    public func deleteDoctor(_ request: DeleteDoctorRequest, _ context: CallContext) async throws -> DeleteDoctorResponse {
        guard try await doctor(request.doctorID).status == .active else { return DeleteDoctorResponse() }
        let hold = try await clearFuture(of: request, context)
        return try await deactivate(request.doctorID, within: hold, context)
    }

    private func clearFuture(of request: DeleteDoctorRequest, _ context: CallContext) async throws -> BookingHold {
        let future = AppointmentsOfDoctor(startingAfter: resources.clock.now(), of: request.doctorID)
        if request.strategy == .cancel {
            return try await peers.cancel(future, because: "The doctor has left the clinic.", context)
        }
        let (active, hold) = try await peers.hold(future, context)
        if let rejection = rejectionOfDeletion(withActiveAppointments: active.count) { throw rejection }
        return hold
    }

    private func deactivate(
        _ doctorID: String, within hold: BookingHold, _ context: CallContext
    ) async throws -> DeleteDoctorResponse {
        try await commitChange(context) { [self] transaction in
            let stored = try transaction.doctor(doctorID)
            var doctor = stored
            guard doctor.status == .active else { return DeleteDoctorResponse() }
            try hold.requireTime()
            doctor.status = .inactive
            doctor.version += 1
            try transaction.update(stored, to: doctor)
            try transaction.noteDeactivation(of: doctorID, at: resources.clock.now())
            try transaction.publish(event(.deactivated, of: doctor, context))
            return DeleteDoctorResponse()
        }
    }
}
