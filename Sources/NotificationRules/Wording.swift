public import Vocabulary

/// A text as it is handed over.
public struct Wording: Hashable, Sendable {
    /// The subject of an e-mail; nil where the channel has none.
    public let subject: String?
    public let message: String

    public init(subject: String?, message: String) {
        self.subject = subject
        self.message = message
    }
}

/// What a person is told of an occurrence. Times are the clinic's.
public func wording(of occurrence: Occurrence, for audience: Audience, named name: String, by channel: Channel, _ clinic: ClinicCalendar)
    -> Wording
{
    let phrase = Phrase(occurrence, for: audience, clinic)
    switch channel {
    case .sms:
        return Wording(subject: nil, message: "\(phrase.text) Ref \(occurrence.reference)")
    case .email:
        return letter(to: name, subject: phrase.subject, "\(phrase.text)\n\nReference: \(occurrence.reference)")
    }
}

/// What somebody at the reception has written, as it is.
public func wording(ofMessage message: String, by channel: Channel) -> Wording {
    Wording(subject: channel == .email ? "A message from your clinic" : nil, message: message)
}

private func letter(to name: String, subject: String, _ body: String) -> Wording {
    Wording(subject: subject, message: "Dear \(name),\n\n\(body)\n\nThis is an automatic message. Please do not answer it.\n")
}

/// One event in one sentence or two, the same in every channel.
private struct Phrase {
    let subject: String
    let text: String

    init(_ occurrence: Occurrence, for audience: Audience, _ clinic: ClinicCalendar) {
        let your = audience == .patient ? "Your appointment" : "The appointment"
        let when = occurrence.slotStart.map { " on \(clinic.spoken($0))" } ?? ""
        let amount = occurrence.amount.map { " of \($0.spoken)" } ?? ""
        switch occurrence.event {
        case .appointmentBooked:
            subject = "Appointment booked"
            text = "\(your)\(when) is booked."
        case .appointmentRescheduled:
            subject = "Appointment moved"
            let origin = occurrence.previousSlotStart.map { " from \(clinic.spoken($0))" } ?? ""
            let target = occurrence.slotStart.map { " to \(clinic.spoken($0))" } ?? ""
            text = "\(your) was moved\(origin)\(target)."
        case .appointmentCancelled:
            subject = "Appointment cancelled"
            text = "\(your)\(when) was cancelled\(occurrence.isByClinic ? " by the clinic" : "")."
        case .appointmentCompleted:
            subject = "Thank you for your visit"
            text = "Thank you for your visit\(when)."
        case .appointmentNoShow:
            subject = "We missed you"
            text = "You did not come to your appointment\(when). Please call the reception for a new one."
        case .appointmentReminder:
            subject = "Reminder of your appointment"
            text = "Please remember your appointment\(when)."
        case .billCreated:
            subject = "A new bill"
            text = "There is a new bill\(amount) for you."
        case .billVoided:
            subject = "Bill withdrawn"
            text = "The bill\(amount) was withdrawn. Nothing is to be paid for it."
        case .paymentCaptured:
            subject = "Payment received"
            text = "We have received your payment\(amount). Thank you."
        case .paymentFailed:
            subject = "Payment not completed"
            text = "Your payment\(amount) could not be completed. Please ask at the reception."
        case .paymentRefunded:
            subject = "Refund"
            text = "A refund\(amount) was made to you."
        case .prescriptionIssued:
            subject = "A new prescription"
            text = "There is a new prescription for you. Please ask your doctor or the reception for it."
        }
    }
}
