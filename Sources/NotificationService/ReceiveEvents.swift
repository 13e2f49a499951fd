import Contracts
import NotificationRules
import RPC
import ServiceKit
import Storage
import Vocabulary

/// Takes the events that people are told of. What it makes of them is settled in the same write as their claim; who is
/// told by which channel is looked up later, so that no other service is needed to take an event.
func receive(_ event: Event, _ transaction: Transaction) throws {
    if case .patient(.forgotten) = EventType(event.eventType) {
        return try transaction.forget(ForgottenPerson(event)) { try $1.eraseNotifications(to: $0) }
    }
    for announcement in try event.announcements() { try transaction.insert(announcement) }
}

extension Event {
    /// Everybody who is to be told of it, now and in reminders: nobody of what only programs want to know.
    ///
    /// - Throws: `EVENT_UNKNOWN` for an event that is not known here, and `INVALID_ARGUMENT` for one that has another payload
    ///   than its type.
    func announcements() throws -> [Announcement] {
        switch EventType(eventType) {
        case .appointment(.booked), .appointment(.rescheduled):
            let appointment: AppointmentChanged = try message()
            return try [announcement(of: appointment)] + firstReminder(of: appointment)
        case .appointment(.cancelled), .appointment(.completed), .appointment(.noShow):
            return [try announcement(of: message(AppointmentChanged.self))]
        case .bill(.created), .bill(.voided):
            let bill: BillChanged = try message()
            let amount = Money(minorUnits: bill.amount, currency: bill.currency)
            return try announcements(reference: bill.billID, amount, of: Visit(appointmentID: bill.appointmentID), to: bill.patientID)
        case .payment(.captured), .payment(.failed):
            let payment: PaymentChanged = try message()
            let amount = Money(minorUnits: payment.amount, currency: payment.currency)
            return try announcements(
                reference: payment.paymentID, amount, of: Visit(appointmentID: payment.appointmentID), to: payment.patientID)
        case .payment(.refunded):
            let payment: PaymentChanged = try message()
            let amount = Money(minorUnits: payment.refundAmount, currency: payment.currency)
            return try announcements(
                reference: payment.paymentID, amount, of: Visit(appointmentID: payment.appointmentID), to: payment.patientID)
        case .prescription(.issued):
            let prescription: PrescriptionIssued = try message()
            let visit = Visit(appointmentID: prescription.appointmentID, doctorID: prescription.doctorID)
            return try announcements(reference: prescription.prescriptionID, nil, of: visit, to: prescription.patientID)
        case .patient, .doctor, .appointment(.reinstated), .bill(.refundDue), .payment(.imported):
            return []
        case nil:
            throw RPCError.unknownEvent(self)
        }
    }

    private func announcement(of appointment: AppointmentChanged) throws -> Announcement {
        let event = try kind
        let occurrence = Occurrence(
            event, reference: appointment.appointmentID, slotStart: appointment.slotStart?.instant,
            previousSlotStart: appointment.previousSlotStart?.instant, isByClinic: appointment.byClinic)
        var announcement = try announcement(of: occurrence, appointment.visit, appointment.patientID)
        announcement.tellsDoctorToo = event.audience.contains(.doctor)
        guard !announcement.tellsDoctorToo || appointment.visit.doctorID != nil else { throw namesNobody }
        return announcement
    }

    private func announcements(reference: String, _ amount: Money?, of visit: Visit, to patientID: String) throws -> [Announcement] {
        [try announcement(of: Occurrence(kind, reference: reference, amount: amount), visit, patientID)]
    }

    private func announcement(of occurrence: Occurrence, _ visit: Visit, _ patientID: String) throws -> Announcement {
        guard !patientID.isEmpty, !occurrence.reference.isEmpty else { throw namesNobody }
        return Announcement(
            eventID: eventID, audience: .patient, recipientID: patientID, occurrence: occurrence, visit: visit,
            correlationID: correlationID, dueAt: try time)
    }

    private var namesNobody: RPCError { .invalidArgument("A \(eventType) does not say of whom or of what.") }

    /// Those that follow are planned one after the other.
    private func firstReminder(of appointment: AppointmentChanged) throws -> [Announcement] {
        guard let start = appointment.slotStart?.instant else { throw RPCError.invalidArgument("A \(eventType) has no slot.") }
        guard let first = NotificationRules.firstReminder(ofSlotAt: start, bookedAt: try time) else { return [] }
        return [
            Announcement(
                first, ofAppointment: appointment.appointmentID, at: start, appointment.visit, to: appointment.patientID,
                correlationID: correlationID)
        ]
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
