import Contracts
import HMSTestKit
import NotificationRules
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Notification rules 1 and 2: who is told of what, and that nobody is told twice.
@Suite(.timeLimit(.minutes(10))) struct EventTests {
    @Test func `what people are told of is an event of a service, or a reminder`() {
        for event in NotificationEvent.allCases where event != .appointmentReminder {
            #expect(EventType(event.rawValue) != nil, "\(event)")
        }
    }

    static let bill = BillChanged(billID: "bil_1", patientID: NotificationServiceUnderTest.patientID, amount: 52_500, currency: "INR")
    static let payment = PaymentChanged(
        paymentID: "pay_1", patientID: NotificationServiceUnderTest.patientID, amount: 52_500, currency: "INR", refundAmount: 10_000)
    static let prescription = PrescriptionIssued(prescriptionID: "rx_1", patientID: NotificationServiceUnderTest.patientID)
    static let patientOnly = ["pat EMAIL", "pat SMS"]
    static let patientAndDoctor = ["doc EMAIL", "doc SMS", "pat EMAIL", "pat SMS"]

    @Test(
        arguments: [
            ("appointment.booked", NotificationServiceUnderTest.appointment().protobuf(), patientAndDoctor),
            ("appointment.rescheduled", NotificationServiceUnderTest.appointment().protobuf(), patientAndDoctor),
            ("appointment.cancelled", NotificationServiceUnderTest.appointment().protobuf(), patientAndDoctor),
            ("appointment.completed", NotificationServiceUnderTest.appointment().protobuf(), patientOnly),
            ("appointment.no_show", NotificationServiceUnderTest.appointment().protobuf(), patientOnly),
            ("bill.created", bill.protobuf(), patientOnly), ("bill.voided", bill.protobuf(), patientOnly),
            ("payment.captured", payment.protobuf(), patientOnly), ("payment.failed", payment.protobuf(), patientOnly),
            ("payment.refunded", payment.protobuf(), patientOnly), ("prescription.issued", prescription.protobuf(), patientOnly),
        ])
    func `an event reaches its people through each channel that they have`(type: String, payload: [UInt8], told: [String]) async throws {
        try await withNotifications { hospital in
            var event = hospital.event(type, NotificationServiceUnderTest.appointment())
            event.payload = payload
            try await hospital.deliver(event)
            try await hospital.announce()
            #expect(try await hospital.told() == told.map { "\(type) \($0)" })
            let notifications = try await hospital.notifications()
            #expect(notifications.allSatisfy { $0.status == .pending && $0.sentAt == nil && $0.attempts == 0 })
        }
    }

    @Test func `every event but the reminder arrives from outside`() {
        let heard = [
            "appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.completed", "appointment.no_show",
            "bill.created", "bill.voided", "payment.captured", "payment.failed", "payment.refunded", "prescription.issued",
        ]
        #expect(NotificationEvent.allCases.map(\.rawValue).filter { $0 != "appointment.reminder" }.sorted() == heard.sorted())
    }

    @Test func `the notification says where it goes, what it tells of, and whose visit it belongs to`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.event("bill.created", Self.bill))
            try await hospital.announce()
            let email = try #require(try await hospital.notifications().first { $0.channel == .email })
            #expect(email.notificationID.hasPrefix("ntf_"))
            #expect(email.recipient == "asha@example.org" && email.recipientID == NotificationServiceUnderTest.patientID)
            #expect(email.message.hasPrefix("Dear Asha Rao,") && email.message.contains("INR 525.00"))
            let metadata = String(decoding: try #require(email.metadata).json(), as: UTF8.self)
            #expect(metadata == #"{"correlation_id":"visit-1","event_id":"evt_1","reference":"bil_1"}"#)
            #expect(hospital.peers.correlationIDs == ["visit-1"])
        }
    }

    @Test func `a refund's text names the refund, not the payment`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.event("payment.refunded", Self.payment))
            try await hospital.announce()
            #expect(try await hospital.notifications().allSatisfy { $0.message.contains("INR 100.00") })
        }
    }

    /// Bills and payments say of which appointment they are, and the appointment knows the rest.
    @Test(
        arguments: [
            ("appointment.booked", NotificationServiceUnderTest.appointment().protobuf()),
            ("appointment.completed", NotificationServiceUnderTest.appointment().protobuf()),
            (
                "bill.created",
                BillChanged(
                    billID: "bil_1", appointmentID: NotificationServiceUnderTest.appointmentID,
                    patientID: NotificationServiceUnderTest.patientID
                )
                .protobuf()
            ),
            (
                "payment.captured",
                PaymentChanged(
                    paymentID: "pay_1", patientID: NotificationServiceUnderTest.patientID,
                    appointmentID: NotificationServiceUnderTest.appointmentID
                ).protobuf()
            ),
            (
                "prescription.issued",
                PrescriptionIssued(
                    prescriptionID: "rx_1", appointmentID: NotificationServiceUnderTest.appointmentID,
                    patientID: NotificationServiceUnderTest.patientID,
                    doctorID: NotificationServiceUnderTest.doctorID
                ).protobuf()
            ),
        ])
    func `notification rule 4: every text names the doctor, the department and the clinic`(type: String, payload: [UInt8]) async throws {
        try await withNotifications(configure: { $0.clinic.name = "Sunrise Clinic" }) { hospital in
            var event = hospital.event(type, NotificationServiceUnderTest.appointment())
            event.payload = payload
            try await hospital.deliver(event)
            try await hospital.announce()
            let texts = try await hospital.notifications().map(\.message)
            #expect(!texts.isEmpty && texts.allSatisfy { $0.contains("Nadia Iyer, Oncology, at Sunrise Clinic") }, "\(texts)")
        }
    }

    @Test(
        arguments: [
            (Patient(name: "A", email: "a@example.org"), ["bill.created pat EMAIL"]),
            (Patient(name: "A", phone: "+919876543210"), ["bill.created pat SMS"]), (Patient(name: "A"), []),
        ])
    func `a person without e-mail or phone is told through what he has`(patient: Patient, told: [String]) async throws {
        try await withNotifications(patient: patient) { hospital in
            try await hospital.deliver(hospital.event("bill.created", Self.bill))
            try await hospital.announce()
            #expect(try await hospital.told() == told)
        }
    }

    @Test func `an event that is delivered again tells nobody again`() async throws {
        try await withNotifications { hospital in
            for _ in 0..<3 {
                try await hospital.deliver(hospital.booked(), hospital.booked())
                try await hospital.announce()
            }
            #expect(try await hospital.told() == Self.patientAndDoctor.map { "appointment.booked \($0)" })
        }
    }

    @Test func `deliveries and rounds at the same time tell everybody once`() async throws {
        try await withNotifications { hospital in
            let reasons = await outcomes(of: 24) { index in
                try await hospital.deliver(hospital.booked(), hospital.event("bill.created", id: "evt_2", Self.bill))
                try await hospital.announce()
            }
            #expect(reasons == ["OK": 24])
            let expected = Self.patientAndDoctor.map { "appointment.booked \($0)" } + Self.patientOnly.map { "bill.created \($0)" }
            let told = try await hospital.told()
            #expect(told == expected.sorted())
        }
    }

    @Test func `two events of one kind are two notifications`() async throws {
        try await withNotifications { hospital in
            for id in ["evt_1", "evt_2"] { try await hospital.deliver(hospital.event("bill.created", id: id, Self.bill)) }
            try await hospital.announce()
            #expect(try await hospital.notifications().count == 4)
        }
    }

    @Test(arguments: ["appointment.booked", "bill.created", "payment.captured", "prescription.issued"])
    func `an event that cannot be read is refused, and can come again`(type: String) async throws {
        try await withNotifications { hospital in
            var event = hospital.event(type, NotificationServiceUnderTest.appointment())
            event.payload = [0xFF]
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { try await hospital.deliver(event) }
            try await hospital.deliver(hospital.booked(id: event.eventID))
            try await hospital.announce()
            #expect(try await hospital.notifications().count == 4)
        }
    }

    /// The sender may be a newer program: the event waits until this one is replaced.
    @Test(arguments: ["appointment.reminder", "tea.ready"])
    func `an event that nobody is told of is not known, and no refusal`(type: String) async throws {
        try await withNotifications { hospital in
            let event = hospital.event(type, NotificationServiceUnderTest.appointment())
            await expectRefusal(.unimplemented, "EVENT_UNKNOWN") { try await hospital.deliver(event) }
        }
    }

    @Test func `who does not exist is told nothing, and holds up nobody`() async throws {
        try await withNotifications { hospital in
            hospital.peers.play { $0.patients = [:] }
            try await hospital.deliver(hospital.booked())
            try await hospital.announce()
            #expect(try await hospital.told() == ["appointment.booked doc EMAIL", "appointment.booked doc SMS"])
        }
    }
}
