/// What people are told of by themselves (notification rule 1).
public enum NotificationEvent: String, CaseIterable, Hashable, Sendable {
    case appointmentBooked = "appointment.booked"
    case appointmentRescheduled = "appointment.rescheduled"
    case appointmentCancelled = "appointment.cancelled"
    case appointmentCompleted = "appointment.completed"
    case appointmentNoShow = "appointment.no_show"
    case appointmentReminder = "appointment.reminder"
    case billCreated = "bill.created"
    case billVoided = "bill.voided"
    case paymentCaptured = "payment.captured"
    case paymentFailed = "payment.failed"
    case paymentRefunded = "payment.refunded"
    case prescriptionIssued = "prescription.issued"

    /// Who is told.
    public var audience: [Audience] {
        switch self {
        case .appointmentBooked, .appointmentRescheduled, .appointmentCancelled:
            [.patient, .doctor]
        case .appointmentCompleted, .appointmentNoShow, .appointmentReminder, .billCreated, .billVoided, .paymentCaptured, .paymentFailed,
            .paymentRefunded, .prescriptionIssued:
            [.patient]
        }
    }
}

/// Which of the two a text is for.
public enum Audience: String, CaseIterable, Hashable, Sendable {
    case patient = "PATIENT"
    case doctor = "DOCTOR"
}

/// A way to reach a person.
public enum Channel: String, CaseIterable, Hashable, Sendable {
    case email = "EMAIL"
    case sms = "SMS"
}
