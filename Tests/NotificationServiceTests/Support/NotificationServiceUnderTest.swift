import Contracts
import HMSTestKit
import NotificationRules
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import NotificationService

/// A notification service over a real database, whose rounds the test makes itself.
struct NotificationServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let peers: PlayedPeers
    let transport = PlayedTransport()
    /// The real clock, as the service sees it.
    let realClock = ManualClock(TestHospital.morning)

    static let appointmentID = "apt_01jq0000000000000000000000"
    static let patientID = "pat_01jq0000000000000000000000"
    static let doctorID = "doc_01jq0000000000000000000000"
    /// The slot is two days after the morning on which tests begin.
    static let slotStart = TestHospital.morning + .days(2)

    var clock: ManualClock { hospital.clock }

    func client(_ role: CallerRole, idempotencyKey: String? = nil) async throws -> NotificationServiceClient {
        NotificationServiceClient(ChannelOfCaller(service.channel, try await hospital.options(role, idempotencyKey: idempotencyKey)))
    }

    // MARK: Events

    func deliver(_ events: Event...) async throws {
        let client = EventServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.service)))
        try await client.deliverEvents(DeliverEventsRequest(producer: "test", events: events)).requireAllApplied()
    }

    /// An event that has happened now, by the hospital's clock.
    func event(_ type: String, id: String = "evt_1", _ message: some Message) -> Event {
        Event(
            eventID: id, eventType: type, aggregateID: Self.appointmentID, occurredAt: ProtobufTimestamp(clock.now),
            correlationID: "visit-1", payload: message.protobuf())
    }

    func booked(id: String = "evt_1", at start: Instant = slotStart) -> Event {
        event("appointment.booked", id: id, Self.appointment(at: start))
    }

    func moved(id: String, to start: Instant, from previous: Instant) -> Event {
        event("appointment.rescheduled", id: id, Self.appointment(at: start, from: previous))
    }

    static func appointment(at start: Instant = slotStart, from previous: Instant? = nil) -> AppointmentChanged {
        AppointmentChanged(
            appointmentID: appointmentID, patientID: patientID, doctorID: doctorID, department: "Oncology",
            slotStart: ProtobufTimestamp(start), previousSlotStart: previous.map { ProtobufTimestamp($0) })
    }

    /// Lets the appointment service know the appointment in this state.
    func play(_ status: AppointmentStatus, at start: Instant = slotStart) {
        peers.play { script in
            script.appointments[Self.appointmentID] = Appointment(
                appointmentID: Self.appointmentID, doctorID: Self.doctorID, department: "Oncology", slotStart: ProtobufTimestamp(start),
                status: status)
        }
    }

    // MARK: Rounds

    func announce() async throws {
        try await Announcer(service.resources, realClock: realClock.clock).announceDue()
    }

    func handOver(_ channels: Channel...) async throws {
        for channel in channels.isEmpty ? Channel.allCases : channels {
            try await Deliverer(service.resources, channel, by: transport, realClock: realClock.clock).deliverDue()
        }
    }

    func handOver(_ channel: Channel, by transport: any Transport) async throws {
        try await Deliverer(service.resources, channel, by: transport, realClock: realClock.clock).deliverDue()
    }

    /// All notifications, oldest first.
    func notifications() async throws -> [Notification] {
        let all = try await client(.reception).listNotifications(ListNotificationsRequest(pageSize: 500)).notifications
        return all.reversed()
    }

    /// All notifications as `event_type recipient channel`, in order.
    func told() async throws -> [String] {
        try await notifications().map { "\($0.eventType) \($0.recipientID.prefix(3)) \($0.channel == .email ? "EMAIL" : "SMS")" }.sorted()
    }
}

/// Runs a test in a hospital of its own, with one patient, one doctor and their appointment.
func withNotifications(
    patient: Patient = Patient(name: "Asha Rao", email: "asha@example.org", phone: "+919876543210"),
    doctor: Doctor = Doctor(name: "Nadia Iyer", email: "n.iyer@example.org", phone: "+919876543211"),
    configure: (inout HospitalConfiguration) -> Void = { _ in },
    _ test: (NotificationServiceUnderTest) async throws -> Void
) async throws {
    let hospital = try TestHospital(configure: configure)
    let peers = PlayedPeers()
    peers.play { script in
        script.patients[NotificationServiceUnderTest.patientID] = patient
        script.doctors[NotificationServiceUnderTest.doctorID] = doctor
    }
    let service = try await hospital.open(.notification, peers: peers.channels)
    let notifications = NotificationServiceUnderTest(hospital: hospital, service: service, peers: peers)
    notifications.play(.scheduled)
    try await test(notifications)
    await service.close()
}
