import AppointmentService
import DoctorService
import ServiceKit
import Testing

/// Who is told of what.
struct SubscriptionTests {
    @Test func `billing hears of what has to be paid, and the notification service of everything that people are told`() {
        let subscriptions = Dictionary(
            ServiceDefinition.appointment.subscriptions.map { ($0.subscriber, $0.eventTypes) }, uniquingKeysWith: { $0.union($1) })
        #expect(
            subscriptions == [
                "billing": ["appointment.completed", "appointment.cancelled", "appointment.no_show", "appointment.reinstated"],
                "notification": [
                    "appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.completed",
                    "appointment.no_show", "appointment.reinstated",
                ],
            ])
    }

    @Test func `the read model of departments and whoever follows the hospital hear of every change of a doctor`() {
        let types: Set<String> = ["doctor.registered", "doctor.changed", "doctor.deactivated"]
        let subscribers = ["appointment", "notification"]
        #expect(ServiceDefinition.doctor.subscriptions == subscribers.map { EventSubscription(subscriber: $0, eventTypes: types) })
    }
}
