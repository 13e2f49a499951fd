import AppointmentRules
import Contracts
import ProtobufC
import RPC
import ServiceKit
import Storage
import Vocabulary

/// A step that one appointment takes where it stands.
struct AppointmentChange: Sendable {
    let appointmentID: String
    /// Who is told of it; nil where nobody is.
    let event: AppointmentEvent?
    let reason: String?
    /// The rule of the step.
    let rejection: @Sendable (AppointmentFacts, Instant) -> Rejection?
    /// Makes the appointment what it is after the step. The version is not its concern.
    let apply: @Sendable (inout Appointment, AppointmentFacts, Instant) -> Void
}

extension AppointmentService {
    /// Reads an appointment, asks the step's rule, and commits the change with its history and its event.
    ///
    /// - Throws: `APPOINTMENT_NOT_FOUND`, `PERMISSION_DENIED` for a doctor whose appointment it is not, and what the rule says.
    func make<Response: Message>(
        _ change: AppointmentChange, _ context: CallContext, reply: @escaping @Sendable (Appointment) -> Response
    ) async throws -> Response {
        let now = clock.now()
        return try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.appointment(change.appointmentID)
            try context.requireOwner(doctorID: stored.appointment.doctorID)
            let facts = try stored.facts
            if let rejection = change.rejection(facts, now) { throw rejection }
            var appointment = stored.appointment
            change.apply(&appointment, facts, now)
            appointment.version += 1
            let told = try change.event.map { try transaction.publishPlaced(event($0, of: appointment, at: now, context)) }
            if let event = change.event { counts.count(event, of: appointment, in: transaction) }
            let step = Step(at: now, by: context.caller, reason: change.reason, eventSequence: told)
            try transaction.update(stored, to: appointment, on: stored.clinicDay, step)
            return reply(appointment)
        }
    }
}

extension StoredAppointment {
    /// - Throws: where the row holds what the schema's checks keep out.
    var facts: AppointmentFacts {
        get throws {
            guard let facts = appointment.facts else { throw StorageError.unexpectedValue(column: "status") }
            return facts
        }
    }
}
