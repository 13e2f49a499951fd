import NotificationRules
import Testing
import Vocabulary

struct WordingTests {
    @Test(arguments: NotificationEvent.allCases)
    func `every text says what happened and to what, once per event and channel`(event: NotificationEvent) throws {
        for (audience, channel) in everybody(toldOf: event) {
            let wording = try text(event, audience, channel)
            #expect(wording.message.contains("apt_7"), "\(event) \(audience) \(channel)")
            #expect((wording.subject == nil) == (channel == .sms))
            #expect(channel == .email || wording.message.count <= 306, "two short messages have 306 characters: \(wording.message)")
            #expect(channel == .sms || wording.message.hasPrefix("Dear Asha Rao,\n"))
        }
    }

    @Test(arguments: NotificationEvent.allCases)
    func `notification rule 4: every text names the doctor, the department and the clinic`(event: NotificationEvent) throws {
        for (audience, channel) in everybody(toldOf: event) {
            let message = try text(event, audience, channel).message
            #expect(message.contains("Dr. Meera Iyer, Cardiology, at Sunrise Clinic"), "\(message)")
        }
    }

    @Test(
        arguments: [
            (
                Whereabouts(doctor: "Dr. Meera Iyer", department: "Cardiology", clinic: "Sunrise"),
                " for your visit to Dr. Meera Iyer, Cardiology, at Sunrise"
            ),
            (Whereabouts(doctor: "Dr. Meera Iyer", clinic: "the clinic"), " for your visit to Dr. Meera Iyer at the clinic"),
            (Whereabouts(department: "Cardiology", clinic: "the clinic"), " for your visit to Cardiology at the clinic"),
            (Whereabouts(doctor: "", department: "", clinic: "the clinic"), " at the clinic"),
        ])
    func `what nobody knows of a visit is left out`(whereabouts: Whereabouts, spoken: String) throws {
        let occurrence = Occurrence(.paymentCaptured, reference: "pay_1", amount: Money(minorUnits: 5, currency: "INR"))
        let message = wording(of: occurrence, at: whereabouts, for: .patient, named: "Asha Rao", by: .sms, try clinic()).message
        #expect(message == "We have received your payment of INR 0.05\(spoken). Thank you. Ref pay_1")
    }

    @Test(arguments: NotificationEvent.allCases)
    func `no text names a diagnosis, a medication or a reason`(event: NotificationEvent) throws {
        let telling = [
            "diagnos", "disease", "illness", "patholog", "condition", "symptom", "allerg", "mg", "tablet", "capsule", "dose", "dosage",
            "drug", "medic", "treat", "therap", "reason", "test", "result",
        ]
        for (audience, channel) in everybody(toldOf: event) {
            let wording = try text(event, audience, channel)
            let words = "\(wording.subject ?? "") \(wording.message)".lowercased()
            for word in telling { #expect(!words.contains(word), "\(event) \(audience) \(channel) says \(word)") }
        }
    }

    @Test(
        arguments: [
            ("Asia/Kolkata", "Monday, 2 March 2026 at 09:30"), ("Asia/Kathmandu", "Monday, 2 March 2026 at 09:45"),
            ("America/New_York", "Sunday, 1 March 2026 at 23:00"), ("Australia/Lord_Howe", "Monday, 2 March 2026 at 15:00"),
            ("UTC", "Monday, 2 March 2026 at 04:00"),
        ])
    func `times are the clinic's`(zone: String, spoken: String) throws {
        let clinic = try #require(ClinicCalendar(timeZone: zone))
        let occurrence = Occurrence(.appointmentBooked, reference: "apt_7", slotStart: Instant(rfc3339: "2026-03-02T04:00:00Z"))
        let message = wording(of: occurrence, at: here, for: .patient, named: "Asha Rao", by: .sms, clinic).message
        #expect(message == "Your appointment on \(spoken) with Dr. Meera Iyer, Cardiology, at Sunrise Clinic is booked. Ref apt_7")
    }

    @Test(
        arguments: [
            (52_500, "INR", "INR 525.00"), (5, "INR", "INR 0.05"), (50, "INR", "INR 0.50"), (525, "JPY", "JPY 525"),
            (1_234, "KWD", "KWD 1.234"), (1, "KWD", "KWD 0.001"), (0, "INR", "INR 0.00"),
        ] as [(Int64, String, String)])
    func `amounts are written as the currency is`(minorUnits: Int64, currency: String, spoken: String) throws {
        let occurrence = Occurrence(.billCreated, reference: "bil_1", amount: Money(minorUnits: minorUnits, currency: currency))
        let message = wording(of: occurrence, at: nowhere, for: .patient, named: "Asha Rao", by: .sms, try clinic()).message
        #expect(message == "There is a new bill of \(spoken) for you at the clinic. Ref bil_1")
    }

    @Test func `a moved appointment's text says from when to when`() throws {
        let text = try text(.appointmentRescheduled, .doctor, .sms).message
        let visit = "The appointment with Dr. Meera Iyer, Cardiology, at Sunrise Clinic"
        #expect(text == "\(visit) was moved from Monday, 2 March 2026 at 09:30 to Tuesday, 3 March 2026 at 10:00. Ref apt_7")
    }

    @Test func `the clinic says that it was the clinic`() throws {
        let occurrence = Occurrence(.appointmentCancelled, reference: "apt_7", slotStart: moved, isByClinic: true)
        let message = wording(of: occurrence, at: nowhere, for: .patient, named: "Asha Rao", by: .sms, try clinic()).message
        #expect(message == "Your appointment on Tuesday, 3 March 2026 at 10:00 at the clinic was cancelled by the clinic. Ref apt_7")
    }

    @Test func `booking, moving and cancelling also reach the doctor, and nothing else does`() {
        let toDoctors = NotificationEvent.allCases.filter { $0.audience.contains(.doctor) }
        #expect(toDoctors == [.appointmentBooked, .appointmentRescheduled, .appointmentCancelled])
        #expect(NotificationEvent.allCases.allSatisfy { $0.audience.contains(.patient) })
    }

    private let here = Whereabouts(doctor: "Dr. Meera Iyer", department: "Cardiology", clinic: "Sunrise Clinic")
    private let nowhere = Whereabouts(clinic: "the clinic")
    private let booked = Instant(rfc3339: "2026-03-02T04:00:00Z")
    private let moved = Instant(rfc3339: "2026-03-03T04:30:00Z")

    private func clinic() throws -> ClinicCalendar {
        try #require(ClinicCalendar(timeZone: "Asia/Kolkata"))
    }

    private func everybody(toldOf event: NotificationEvent) -> [(Audience, Channel)] {
        event.audience.flatMap { audience in Channel.allCases.map { (audience, $0) } }
    }

    private func text(_ event: NotificationEvent, _ audience: Audience, _ channel: Channel) throws -> Wording {
        let occurrence = Occurrence(
            event, reference: "apt_7", slotStart: moved, previousSlotStart: booked, amount: Money(minorUnits: 52_500, currency: "INR"))
        return wording(of: occurrence, at: here, for: audience, named: "Asha Rao", by: channel, try clinic())
    }
}
