import Contracts
import NotificationRules
import RPC
import ServiceKit
import Storage
import Vocabulary

/// Takes the events that people are told of. What it makes of them is settled in the same write as their claim; who is
/// told by which channel is looked up later, so that no other service is needed to take an event.
func receive(_ event: Event, _ transaction: Transaction) throws {
    for announcement in try event.announcements() { try transaction.insert(announcement) }
}

extension Event {
    /// Everybody who is to be told of it, now and in reminders.
    ///
    /// - Throws: `EVENT_UNKNOWN` for an event that is not known here, and `INVALID_ARGUMENT` for one that has another payload
    ///   than its type.
    func announcements() throws -> [Announcement] {
        switch NotificationEvent(rawValue: eventType) {
        case .appointmentBooked, .appointmentRescheduled:
            let appointment: AppointmentChanged = try message()
            return try announcements(of: appointment) + reminders(of: appointment)
        case .appointmentCancelled, .appointmentCompleted, .appointmentNoShow:
            return try announcements(of: message(AppointmentChanged.self))
        case .billCreated, .billVoided:
            let bill: BillChanged = try message()
            let amount = Money(minorUnits: bill.amount, currency: bill.currency)
            return try announcements(reference: bill.billID, amount, of: Visit(appointmentID: bill.appointmentID), to: bill.patientID)
        case .paymentCaptured, .paymentFailed:
            let payment: PaymentChanged = try message()
            let amount = Money(minorUnits: payment.amount, currency: payment.currency)
            return try announcements(
                reference: payment.paymentID, amount, of: Visit(appointmentID: payment.appointmentID), to: payment.patientID)
        case .paymentRefunded:
            let payment: PaymentChanged = try message()
            let amount = Money(minorUnits: payment.refundAmount, currency: payment.currency)
            return try announcements(
                reference: payment.paymentID, amount, of: Visit(appointmentID: payment.appointmentID), to: payment.patientID)
        case .prescriptionIssued:
            let prescription: PrescriptionIssued = try message()
            let visit = Visit(appointmentID: prescription.appointmentID, doctorID: prescription.doctorID)
            return try announcements(reference: prescription.prescriptionID, nil, of: visit, to: prescription.patientID)
        case .appointmentReminder, nil:
            throw RPCError.unknownEvent(self)
        }
    }

    private func announcements(of appointment: AppointmentChanged) throws -> [Announcement] {
        let event = try kind
        let occurrence = Occurrence(
            event, reference: appointment.appointmentID, slotStart: appointment.slotStart?.instant,
            previousSlotStart: appointment.previousSlotStart?.instant, isByClinic: appointment.byClinic)
        return try event.audience.map { audience in
            let recipientID = audience == .patient ? appointment.patientID : appointment.doctorID
            return try announcement(of: occurrence, appointment.visit, audience, recipientID)
        }
    }

    private func announcements(reference: String, _ amount: Money?, of visit: Visit, to patientID: String) throws -> [Announcement] {
        [try announcement(of: Occurrence(kind, reference: reference, amount: amount), visit, .patient, patientID)]
    }

    private func announcement(
        of occurrence: Occurrence, _ visit: Visit, _ audience: Audience, _ recipientID: String
    ) throws -> Announcement {
        guard !recipientID.isEmpty, !occurrence.reference.isEmpty else {
            throw RPCError.invalidArgument("A \(eventType) does not say of whom or of what.")
        }
        return Announcement(
            eventID: eventID, audience: audience, recipientID: recipientID, occurrence: occurrence, visit: visit,
            correlationID: correlationID, dueAt: try time)
    }

    /// A reminder's event is the appointment at its time: an appointment that is moved away and back is reminded of once.
    private func reminders(of appointment: AppointmentChanged) throws -> [Announcement] {
        guard let start = appointment.slotStart?.instant else { throw RPCError.invalidArgument("A \(eventType) has no slot.") }
        return NotificationRules.reminders(ofSlotAt: start, bookedAt: try time).map { reminder in
            Announcement(
                eventID: "\(appointment.appointmentID)/\(start)/\(reminder.rawValue)", audience: .patient,
                recipientID: appointment.patientID,
                occurrence: Occurrence(.appointmentReminder, reference: appointment.appointmentID, slotStart: start),
                visit: appointment.visit, correlationID: correlationID, dueAt: reminder.dueAt(forSlotAt: start))
        }
    }

    private var kind: NotificationEvent {
        get throws {
            guard let kind = NotificationEvent(rawValue: eventType) else { throw RPCError.invalidArgument("There is no \(eventType).") }
            return kind
        }
    }

    private var time: Instant {
        get throws {
            guard let instant = occurredAt?.instant else { throw RPCError.invalidArgument("A \(eventType) has no time.") }
            return instant
        }
    }
}

extension AppointmentChanged {
    fileprivate var visit: Visit {
        Visit(appointmentID: appointmentID, doctorID: doctorID, department: department)
    }
}
