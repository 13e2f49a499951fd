public import Contracts

/// What an event tells, whoever tells it.
public enum EventType: Hashable, Sendable {
    case patient(PatientEvent)
    case doctor(DoctorEvent)
    case appointment(AppointmentEvent)
    case bill(BillEvent)
    case payment(PaymentEvent)
    case prescription(PrescriptionEvent)

    /// By its name in the contract: `appointment.booked`. Nil for an event that nobody tells, or only a newer program.
    public init?(_ name: String) {
        switch name.prefix(while: { $0 != "." }) {
        case "patient": self.init(PatientEvent(rawValue: name), EventType.patient)
        case "doctor": self.init(DoctorEvent(rawValue: name), EventType.doctor)
        case "appointment": self.init(AppointmentEvent(rawValue: name), EventType.appointment)
        case "bill": self.init(BillEvent(rawValue: name), EventType.bill)
        case "payment": self.init(PaymentEvent(rawValue: name), EventType.payment)
        case "prescription": self.init(PrescriptionEvent(rawValue: name), EventType.prescription)
        default: return nil
        }
    }

    private init?<Event>(_ event: Event?, _ type: (Event) -> EventType) {
        guard let event else { return nil }
        self = type(event)
    }
}
