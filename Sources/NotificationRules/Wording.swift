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
public func wording(
    of occurrence: Occurrence, at whereabouts: Whereabouts, for audience: Audience, named name: String, by channel: Channel,
    _ clinic: ClinicCalendar
) -> Wording {
    let phrase = Phrase(occurrence, at: whereabouts, for: audience, clinic)
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

    init(_ occurrence: Occurrence, at whereabouts: Whereabouts, for audience: Audience, _ clinic: ClinicCalendar) {
        let your = audience == .patient ? "Your appointment" : "The appointment"
        let when = occurrence.slotStart.map { " on \(clinic.spoken($0))" } ?? ""
        let place = whereabouts.spoken("with")
        let visit = whereabouts.doctor == nil && whereabouts.department == nil ? "" : " for your visit"
        let seen = visit + " " + whereabouts.spoken("to")
        let amount = occurrence.amount.map { " of \($0.spoken)" } ?? ""
        switch occurrence.event {
        case .appointmentBooked:
            subject = "Appointment booked"
            text = "\(your)\(when) \(place) is booked."
        case .appointmentRescheduled:
            subject = "Appointment moved"
            let origin = occurrence.previousSlotStart.map { " from \(clinic.spoken($0))" } ?? ""
            let target = occurrence.slotStart.map { " to \(clinic.spoken($0))" } ?? ""
            text = "\(your) \(place) was moved\(origin)\(target)."
        case .appointmentCancelled:
            subject = "Appointment cancelled"
            text = "\(your)\(when) \(place) was cancelled\(occurrence.isByClinic ? " by the clinic" : "")."
        case .appointmentCompleted:
            subject = "Thank you for your visit"
            text = "Thank you for your visit\(when) \(whereabouts.spoken("to"))."
        case .appointmentNoShow:
            subject = "We missed you"
            text = "You did not come to your appointment\(when) \(place). Please call the reception for a new one."
        case .appointmentReminder:
            subject = "Reminder of your appointment"
            text = "Please remember your appointment\(when) \(place)."
        case .billCreated:
            subject = "A new bill"
            text = "There is a new bill\(amount) for you\(seen)."
        case .billVoided:
            subject = "Bill withdrawn"
            text = "The bill\(amount)\(seen) was withdrawn. Nothing is to be paid for it."
        case .paymentCaptured:
            subject = "Payment received"
            text = "We have received your payment\(amount)\(seen). Thank you."
        case .paymentFailed:
            subject = "Payment not completed"
            text = "Your payment\(amount)\(seen) could not be completed. Please ask at the reception."
        case .paymentRefunded:
            subject = "Refund"
            text = "A refund\(amount) was made to you\(seen)."
        case .prescriptionIssued:
            subject = "A new prescription"
            text = "There is a new prescription for you\(seen). Please ask your doctor or the reception for it."
        }
    }
}
