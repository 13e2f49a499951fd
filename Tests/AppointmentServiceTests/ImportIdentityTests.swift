import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// When two rows of another system are one visit, and when they are two.
@Suite(.timeLimit(.minutes(10))) struct ImportIdentityTests {
    @Test(arguments: [AppointmentStatus.completed, .cancelled, .noShow], [nil, "4711"])
    func `importing again changes nothing`(status: AppointmentStatus, sourceID: String?) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            var answers: [ImportAppointmentResponse] = []
            for _ in 1...2 {
                answers.append(
                    try await hospital.take(over: status, patient, doctor) { request in if let sourceID { request.name(sourceID) } })
            }
            #expect(answers[1].alreadyThere && answers[1].appointment == answers[0].appointment)
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `of 16 imports of the same at the same time one is made`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let reasons = await outcomes(of: 16) { _ in
                _ = try await hospital.take(over: .completed, patient, doctor) { $0.name("4711") }
            }
            #expect(reasons == ["OK": 16])
            let all = try await hospital.all()
            #expect(all.count == 1)
        }
    }

    @Test func `two visits at the same instant are two where their ids say so`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for sourceID in ["1", "2", "1", "2"] { try await hospital.take(over: .completed, patient, doctor) { $0.name(sourceID) } }
            #expect(try await hospital.all().count == 2)
            #expect(try await hospital.take(over: .completed, patient, doctor).alreadyThere)
        }
    }

    @Test func `one that came without an id is known by the first id that it comes with`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let first = try await hospital.take(over: .completed, patient, doctor)
            let named = try await hospital.take(over: .completed, patient, doctor) { $0.name("1") }
            let other = try await hospital.take(over: .completed, patient, doctor) { $0.name("2") }
            #expect(named.alreadyThere && named.appointment == first.appointment && !other.alreadyThere)
            #expect(try await hospital.found(by: "1") == [first.appointment].compactMap { $0 })
        }
    }

    @Test func `without an id another end is another visit, and so is a cancelled one`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for _ in 1...2 {
                for status in [AppointmentStatus.completed, .cancelled] { try await hospital.take(over: status, patient, doctor) }
                try await hospital.take(over: .completed, patient, doctor, until: "2026-02-03T10:15:00+05:30")
            }
            #expect(try await hospital.all().count == 3)
        }
    }

    enum Difference: CaseIterable { case patient, doctor, start }

    @Test(arguments: Difference.allCases)
    func `a source id means one visit for ever`(difference: Difference) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let first = try #require(try await hospital.take(over: .completed, patient, doctor) { $0.name("1") }.appointment)
            let refusal = await refusal {
                try await hospital.take(
                    over: .completed, difference == .patient ? nil : patient, difference == .doctor ? nil : doctor,
                    at: difference == .start ? "2026-02-03T10:00:00.001+05:30" : "2026-02-03T10:00:00+05:30"
                ) { $0.name("1") }
            }
            #expect(refusal?.code == .failedPrecondition && refusal?.reason == "SOURCE_ID_TAKEN")
            #expect(refusal?.violations.map(\.field) == ["source_id"])
            #expect(refusal?.message.contains(first.appointmentID) == true)
            let elsewhere = try await hospital.take(over: .completed) { $0.name("1", source: "other-desk") }
            #expect(!elsewhere.alreadyThere)
        }
    }

    @Test(arguments: [("old-desk", nil, "source_id"), (nil, "1", "source")] as [(String?, String?, String)])
    func `a source and its id are said together`(source: String?, sourceID: String?, missing: String) async throws {
        try await withAppointments { hospital in
            let refused = await refusal {
                try await hospital.take(over: .completed) { ($0.source, $0.sourceID) = (source, sourceID) }
            }
            #expect(refused?.reason == "INVALID_ARGUMENT" && refused?.violations.map(\.field) == [missing])
            let list = ListAppointmentsRequest(source: source, sourceID: sourceID)
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.appointments.listAppointments(list) }
        }
    }

    @Test func `under a key it is answered as the first time`() async throws {
        try await withAppointments { hospital in
            let client = try await hospital.client(.admin, idempotencyKey: "k-1")
            var request = ImportAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID,
                slotStart: try timestamp("2026-02-03T10:00:00+05:30"), status: .completed)
            let first = try await client.importAppointment(request)
            #expect(!first.alreadyThere)
            #expect(try await client.importAppointment(request) == first)
            request.status = .noShow
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await client.importAppointment(request) }
        }
    }

    // MARK: Only to be checked

    @Test(arguments: ["2026-02-03T10:07:00+05:30", "2026-03-03T10:00:00+05:30"])
    func `what is only to be checked is answered, and not stored`(start: String) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let status: AppointmentStatus = start.hasPrefix("2026-02") ? .completed : .scheduled
            func take(only: Bool) async throws -> ImportAppointmentResponse {
                try await hospital.take(over: status, patient, doctor, at: start) {
                    $0.name("1")
                    $0.validateOnly = only
                }
            }
            let checked = try await take(only: true)
            #expect(checked.appointment?.appointmentID == "" && checked.appointment?.status == status && !checked.alreadyThere)
            #expect(try await hospital.all().isEmpty)
            #expect(try await hospital.events().isEmpty)
            let made = try await take(only: false)
            #expect(!made.alreadyThere)
            #expect(try await take(only: true) == ImportAppointmentResponse(appointment: made.appointment, alreadyThere: true))
        }
    }

    @Test func `what would be refused is refused when it is only checked`() async throws {
        try await withAppointments { hospital in
            try await hospital.take(over: .completed) { $0.name("1") }
            let checks: [(AppointmentStatus, String, String)] = [
                (.completed, "2026-02-03T10:00:00+05:30", "SOURCE_ID_TAKEN"), (.scheduled, "2026-02-03T10:00:00+05:30", "SOURCE_ID_TAKEN"),
            ]
            for (status, start, reason) in checks {
                let answer = await outcome {
                    try await hospital.take(over: status, at: start) {
                        $0.name("1")
                        $0.validateOnly = true
                    }
                }
                #expect(answer == reason)
            }
            let early = await outcome {
                try await hospital.take(over: .scheduled, at: "2026-03-02T10:00:00+05:30") { $0.validateOnly = true }
            }
            #expect(early == "LEAD_TIME_TOO_SHORT")
        }
    }
}

extension AppointmentServiceUnderTest {
    /// The appointments that the old desk knows by this id.
    func found(by sourceID: String) async throws -> [Appointment] {
        try await appointments.listAppointments(ListAppointmentsRequest(source: "old-desk", sourceID: sourceID)).appointments
    }
}
