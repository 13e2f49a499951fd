import Contracts
import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// - Parameter previous: where the appointment was before it was rescheduled.
    func event(
        _ event: AppointmentEvent, of appointment: Appointment, from previous: Slot? = nil, at now: Instant, _ context: CallContext
    ) -> OutboxEvent {
        let message = AppointmentChanged(
            appointmentID: appointment.appointmentID, patientID: appointment.patientID, doctorID: appointment.doctorID,
            department: appointment.department, slotStart: appointment.slotStart, slotEnd: appointment.slotEnd,
            previousSlotStart: previous.map { ProtobufTimestamp($0.start) }, consultationFee: appointment.consultationFee,
            feePercent: appointment.feePercent ?? 0, byClinic: appointment.cancelledBy == .clinic, changedAt: ProtobufTimestamp(now),
            version: appointment.version)
        return resources.event(event, of: appointment.appointmentID, message, context)
    }
}
