import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// Taking over what has happened in another system.
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    @Test(
        arguments: [
            (AppointmentStatus.completed, AppointmentStatus.unspecified, AppointmentStatus.completed, nil),
            (.cancelled, .unspecified, .cancelled, 0), (.noShow, .unspecified, .noShow, 0), (.scheduled, .noShow, .noShow, 0),
            (.scheduled, .completed, .completed, nil), (.checkedIn, .completed, .completed, nil), (.unspecified, .noShow, .noShow, 0),
        ] as [(AppointmentStatus, AppointmentStatus, AppointmentStatus, Int32?)])
    func `a visit of the past is taken over as it was, marked, and nobody is told`(
        asked: AppointmentStatus, past: AppointmentStatus, status: AppointmentStatus, percent: Int32?
    ) async throws {
        try await withAppointments { hospital in
            let answer = try await hospital.take(over: asked) { $0.pastScheduled = past }
            let appointment = try #require(answer.appointment)
            #expect(!answer.alreadyThere && !answer.updated && appointment.imported)
            #expect(appointment.status == status && appointment.feePercent == percent && appointment.cancelledBy == nil)
            #expect(appointment.department == "Cardiology" && appointment.consultationFee == 50_000)
            #expect(try await hospital.read(appointment) == appointment)
            let steps = try await hospital.history(of: appointment)
            #expect(steps.map(\.status) == [status] && steps.map(\.reason) == ["Imported"])
            #expect(try await hospital.events().isEmpty)
            try await hospital.expectInvariants()
        }
    }

    @Test(arguments: [AppointmentStatus.unspecified, .scheduled, .checkedIn])
    func `a visit of the past that is said to be to come is refused, where nobody says what became of it`(
        status: AppointmentStatus
    ) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { try await hospital.take(over: status) }
            #expect(refusal?.code == .outOfRange && refusal?.reason == "PAST_VISIT_NOT_FINAL")
            #expect(refusal?.violations.map(\.field) == ["status"])
        }
    }

    @Test(arguments: [AppointmentStatus.scheduled, .checkedIn, .cancelled])
    func `a past visit becomes NO_SHOW or COMPLETED, and nothing else`(past: AppointmentStatus) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { try await hospital.take(over: .scheduled) { $0.pastScheduled = past } }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == ["past_scheduled"])
        }
    }

    /// Start and end of visits that no grid knows.
    static let visits = [
        ("2026-02-03T09:47:47+05:30", "2026-02-03T10:02:47+05:30"), ("2026-02-03T03:12:00+05:30", "2026-02-03T03:12:00.001+05:30"),
        ("2026-01-01T23:59:59.999+05:30", "2026-02-25T00:00:00+05:30"), ("1947-08-15T00:00:00Z", "1947-08-15T00:15:00Z"),
    ]

    @Test(arguments: visits)
    func `real start and end are kept`(start: String, end: String) async throws {
        try await withAppointments { hospital in
            let appointment = try #require(try await hospital.take(over: .completed, at: start, until: end).appointment)
            let times = [try timestamp(start), try timestamp(end)]
            #expect([appointment.slotStart, appointment.slotEnd] == times)
            #expect(try await hospital.read(appointment) == appointment)
        }
    }

    @Test func `a visit without an end lasts half an hour, and what is finer than a millisecond is cut off`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for nanos: Int32 in [123_000_000, 123_456_789] {
                let answer = try await hospital.take(over: .completed, patient, doctor) { $0.slotStart?.nanos = nanos }
                let start = try timestamp("2026-02-03T10:00:00.123+05:30")
                let end = try timestamp("2026-02-03T10:30:00.123+05:30")
                #expect(answer.appointment?.slotStart == start && answer.appointment?.slotEnd == end)
                #expect(answer.alreadyThere == (nanos == 123_456_789))
            }
        }
    }

    @Test(arguments: ["2026-02-03T10:00:00+05:30", "2026-02-03T09:59:59+05:30", "2027-02-04T10:00:00.001+05:30"])
    func `a visit that took no time, or more than a year, is refused`(end: String) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { try await hospital.take(over: .completed, until: end) }
            #expect(refusal?.reason == "INVALID_SLOT" && refusal?.violations.map(\.field) == ["slot_end"])
        }
    }

    @Test func `nobody has to be active, free or in time for what has happened`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep(Patient(name: "Asha Rao", status: .inactive))
            let doctor = hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            for minute in 10...19 {
                let answer = try await hospital.take(over: .completed, patient, doctor, at: "2026-02-03T10:\(minute):00+05:30")
                #expect(!answer.alreadyThere)
            }
            let elsewhere = try await hospital.take(over: .completed, patient, doctor, at: "2026-02-03T10:30:00+05:30") {
                $0.department = "Neurology"
            }
            #expect(elsewhere.appointment?.department == "Neurology")
            try await hospital.expectInvariants()
        }
    }

    @Test func `who is not known has no past here, and both are told`() async throws {
        try await withAppointments { hospital in
            let nobody = Patient(patientID: "pat_01jq0000000000000000000000")
            let noDoctor = Doctor(doctorID: "doc_01jq0000000000000000000000")
            let refusal = await refusal { try await hospital.take(over: .completed, nobody, noDoctor) }
            #expect(refusal?.code == .notFound && refusal?.reason == "PATIENT_NOT_FOUND")
            #expect(refusal?.violations.map(\.field) == ["patient_id", "doctor_id"])
        }
    }

    @Test func `what was called off is a fact, also where it was to come`() async throws {
        try await withAppointments { hospital in
            let answer = try await hospital.take(over: .cancelled, at: "2026-03-03T10:07:00+05:30") { $0.cancelReason = "Travelling" }
            #expect(answer.appointment?.imported == true && answer.appointment?.cancelReason == "Travelling")
            #expect(try await hospital.events().isEmpty)
        }
    }

    @Test func `while the patient service does not answer nothing is taken over`() async throws {
        try await withAppointments { hospital in
            hospital.patients.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { try await hospital.take(over: .completed) }
        }
    }

    @Test(arguments: [(1, "APPOINTMENT_NOT_STARTED"), (0, "OK"), (-1, "OK")])
    func `what has not begun can't have ended`(milliseconds: Int, outcome expected: String) async throws {
        try await withAppointments { hospital in
            try hospital.setClock("2026-02-03T10:00:00+05:30", plus: -milliseconds)
            let answer = await outcome { try await hospital.take(over: .completed) }
            #expect(answer == expected)
        }
    }
}
