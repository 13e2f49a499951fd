import Contracts
import ServiceKit
import Testing

@Suite struct EventTypeTests {
    @Test func `every event is known by its name`() {
        for event in PatientEvent.allCases { #expect(EventType(event.rawValue) == .patient(event)) }
        for event in DoctorEvent.allCases { #expect(EventType(event.rawValue) == .doctor(event)) }
        for event in AppointmentEvent.allCases { #expect(EventType(event.rawValue) == .appointment(event)) }
        for event in BillEvent.allCases { #expect(EventType(event.rawValue) == .bill(event)) }
        for event in PaymentEvent.allCases { #expect(EventType(event.rawValue) == .payment(event)) }
        for event in PrescriptionEvent.allCases { #expect(EventType(event.rawValue) == .prescription(event)) }
    }

    @Test(arguments: [
        "", ".", "appointment", "appointment.", "appointment.exploded", "Appointment.booked", "appointment.booked ", "bill.captured",
    ])
    func `a name of no event is none`(name: String) {
        #expect(EventType(name) == nil)
    }
}
