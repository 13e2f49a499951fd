import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// Taking over what is to come from another system: bookings like any other.
@Suite(.timeLimit(.minutes(10))) struct ImportedBookingTests {
    static let tuesday = "2026-03-03T10:00:00+05:30"

    @Test(arguments: [AppointmentStatus.unspecified, .scheduled])
    func `what is to come is booked, and people are told`(status: AppointmentStatus) async throws {
        try await withAppointments { hospital in
            let appointment = try #require(try await hospital.take(over: status, at: Self.tuesday).appointment)
            #expect(appointment.status == .scheduled && !appointment.imported)
            #expect(try await hospital.eventTypes() == ["appointment.booked"])
            #expect(try await hospital.history(of: appointment).map(\.reason) == ["Imported"])
            try await hospital.expectInvariants()
            try hospital.setClock("2026-03-03T10:10:00+05:30")
            #expect(try await hospital.complete(appointment).status == .completed)
        }
    }

    @Test func `it keeps the rules of a booking, and all that it breaks are told`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep(Patient(name: "Asha Rao", status: .inactive))
            let doctor = hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            let refusal = await refusal {
                try await hospital.take(
                    over: .scheduled, patient, doctor, at: "2026-03-02T10:15:00+05:30", until: "2026-03-02T10:30:00+05:30"
                ) {
                    $0.department = "Neurology"
                }
            }
            #expect(refusal?.reason == "PATIENT_INACTIVE")
            #expect(refusal?.violations.map(\.field) == ["patient_id", "doctor_id", "slot_start", "slot_start", "department"])
        }
    }

    @Test(arguments: [(-1, "LEAD_TIME_TOO_SHORT"), (0, "OK"), (1, "OK")])
    func `it has its lead time`(milliseconds: Int, outcome expected: String) async throws {
        try await withAppointments { hospital in
            try hospital.setClock("2026-03-03T08:00:00+05:30", plus: -milliseconds)
            #expect(await outcome { try await hospital.take(over: .scheduled, at: Self.tuesday) } == expected)
        }
    }

    @Test func `slots and the cap hold`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            try await hospital.take(over: .scheduled, patient, at: Self.tuesday)
            await expectRefusal(.failedPrecondition, "PATIENT_SLOT_TAKEN") {
                try await hospital.take(over: .scheduled, patient, at: Self.tuesday)
            }
            for hour in 10...17 { try await hospital.take(over: .scheduled, nil, doctor, at: "2026-03-03T\(hour):00:00+05:30") }
            await expectRefusal(.failedPrecondition, "DOCTOR_SLOT_TAKEN") {
                try await hospital.take(over: .scheduled, nil, doctor, at: Self.tuesday)
            }
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                try await hospital.take(over: .scheduled, nil, doctor, at: "2026-03-03T09:00:00+05:30")
            }
            try await hospital.expectInvariants()
        }
    }

    @Test(arguments: [
        (AppointmentStatus.completed, "APPOINTMENT_NOT_STARTED"), (.noShow, "NO_SHOW_TOO_EARLY"), (.checkedIn, "CHECK_IN_WINDOW"),
    ])
    func `what is to come is not over`(status: AppointmentStatus, reason: String) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { try await hospital.take(over: status, at: Self.tuesday) }
            #expect(refusal?.reason == reason && refusal?.violations.map(\.field) == ["status"])
        }
    }

    @Test func `what was booked here is there already`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let booked = try await hospital.book(patient, with: doctor)
            let answer = try await hospital.take(over: .scheduled, patient, doctor, at: Self.tuesday) { $0.name("7") }
            #expect(answer.alreadyThere && answer.appointment == booked)
            #expect(try await hospital.take(over: .scheduled, patient, doctor, at: Self.tuesday) { $0.name("7") } == answer)
        }
    }

    @Test(arguments: [nil, "7"])
    func `one that was moved, called off or seen here since is there already`(sourceID: String?) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            func take() async throws -> ImportAppointmentResponse {
                try await hospital.take(over: .scheduled, patient, doctor, at: Self.tuesday) { request in
                    if let sourceID { request.name(sourceID) }
                }
            }
            let appointment = try #require(try await take().appointment)
            let moved = try await hospital.move(appointment, to: "2026-03-04T10:00:00+05:30")
            #expect(try await take() == ImportAppointmentResponse(appointment: moved, alreadyThere: true))
            let cancelled = try await hospital.cancel(moved)
            #expect(try await take() == ImportAppointmentResponse(appointment: cancelled, alreadyThere: true))
            try hospital.setClock("2026-03-09T10:00:00+05:30")
            #expect(try await take() == ImportAppointmentResponse(appointment: cancelled, alreadyThere: true))
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `nothing is put right of a booking`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let first = try await hospital.take(over: .scheduled, patient, doctor, at: Self.tuesday) { $0.name("7") }
            try hospital.setClock("2026-03-09T10:00:00+05:30")
            let second = try await hospital.take(over: .completed, patient, doctor, at: Self.tuesday) {
                $0.name("7")
                $0.update = true
            }
            #expect(second.alreadyThere && !second.updated && second.appointment == first.appointment)
        }
    }
}
