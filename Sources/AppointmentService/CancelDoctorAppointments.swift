import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Cancels active appointments of a doctor as the clinic, which costs the patients nothing, and lets none be made
    /// for ``BookingHold/length``. What has begun stays as it is: people on the spot know what has become of it.
    public func cancelDoctorAppointments(
        _ request: CancelDoctorAppointmentsRequest, _ context: CallContext
    ) async throws -> CancelDoctorAppointmentsResponse {
        let these = try AppointmentsInTime(
            .doctor(request.doctorID), from: request.from, to: request.to, outside: request.outsideHours, calendar)
        let now = clock.now()
        return try await commit(context, on: database) { [self] transaction in
            let active = try transaction.active(these).filter { try !$0.facts.hasBegun(at: now) }
            for stored in active { try cancel(stored, because: request.reason, at: now, context, transaction) }
            try transaction.hold(these)
            return CancelDoctorAppointmentsResponse(cancelled: Int32(clamping: active.count))
        }
    }

    private func cancel(
        _ stored: StoredAppointment, because reason: String, at now: Instant, _ context: CallContext, _ transaction: Transaction
    ) throws {
        var appointment = stored.appointment
        appointment.cancel(by: .clinic, because: reason, feePercent: FeePercent.none)
        appointment.version += 1
        let told = try transaction.publishPlaced(event(.cancelled, of: appointment, at: now, context))
        counts.count(.cancelled, of: appointment, in: transaction)
        let step = Step(at: now, by: context.caller, reason: reason, eventSequence: told)
        try transaction.update(stored, to: appointment, on: stored.clinicDay, step)
    }
}
