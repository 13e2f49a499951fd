import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing

/// What is finer than a millisecond is on no grid, however close to it.
@Suite(.timeLimit(.minutes(10))) struct ExactTimeTests {
    static let nanoseconds: [(Int32, Bool)] = [(0, true), (1, false), (999_999, false), (1_000_000, false), (999_999_999, false)]

    static func time(_ text: String, _ nanoseconds: Int32) throws -> ProtobufTimestamp {
        ProtobufTimestamp(seconds: try timestamp(text).seconds, nanos: nanoseconds)
    }

    @Test(arguments: nanoseconds)
    func `a slot is booked from its start, exactly`(nanoseconds: Int32, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let request = try hospital.booking(from: Self.time("2026-03-03T10:00:00+05:30", nanoseconds))
            #expect(await outcome { _ = try await hospital.appointments.bookAppointment(request) } == (isAccepted ? "OK" : "INVALID_SLOT"))
        }
    }

    @Test(arguments: nanoseconds)
    func `a slot is booked until its end, exactly`(nanoseconds: Int32, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let request = try hospital.booking(
                from: Self.time("2026-03-03T10:00:00+05:30", 0), to: Self.time("2026-03-03T10:30:00+05:30", nanoseconds))
            #expect(await outcome { _ = try await hospital.appointments.bookAppointment(request) } == (isAccepted ? "OK" : "INVALID_SLOT"))
        }
    }

    @Test func `the end of a slot does not stand for its start`() async throws {
        try await withAppointments { hospital in
            let request = try hospital.booking(
                from: Self.time("2026-03-03T10:00:00+05:30", 1), to: Self.time("2026-03-03T10:30:00+05:30", 1))
            #expect(await outcome { _ = try await hospital.appointments.bookAppointment(request) } == "INVALID_SLOT")
        }
    }

    @Test(arguments: nanoseconds)
    func `an appointment is moved to a slot's start, exactly`(nanoseconds: Int32, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let request = RescheduleAppointmentRequest(
                appointmentID: appointment.appointmentID, slotStart: try Self.time("2026-03-03T11:00:00+05:30", nanoseconds))
            let answer = await outcome { _ = try await hospital.appointments.rescheduleAppointment(request) }
            #expect(answer == (isAccepted ? "OK" : "INVALID_SLOT"))
        }
    }

    @Test(arguments: [(0, "SAME_SLOT"), (1, "INVALID_SLOT")] as [(Int32, String)])
    func `a moment after the slot that it has is none, and not the same`(nanoseconds: Int32, reason: String) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let request = RescheduleAppointmentRequest(
                appointmentID: appointment.appointmentID, slotStart: try Self.time("2026-03-03T10:00:00+05:30", nanoseconds))
            #expect(await outcome { _ = try await hospital.appointments.rescheduleAppointment(request) } == reason)
        }
    }

    @Test func `rules that come before the grid are the answer for such a time too`() async throws {
        try await withAppointments { hospital in
            var request = try hospital.booking(from: Self.time("2026-03-03T10:00:00+05:30", 1))
            request.patientID = "pat_01jq0000000000000000000000"
            #expect(await outcome { _ = try await hospital.appointments.bookAppointment(request) } == "PATIENT_NOT_FOUND")
        }
    }

    @Test func `an import of a moment after a slot is not the appointment that is there`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let request = ImportAppointmentRequest(
                patientID: appointment.patientID, doctorID: appointment.doctorID,
                slotStart: try Self.time("2026-03-03T10:00:00+05:30", 1))
            #expect(await outcome { _ = try await hospital.appointments.importAppointment(request) } == "INVALID_SLOT")
        }
    }
}

extension AppointmentServiceUnderTest {
    fileprivate func booking(from start: ProtobufTimestamp, to end: ProtobufTimestamp? = nil) -> BookAppointmentRequest {
        BookAppointmentRequest(
            patientID: patients.keep().patientID, doctorID: doctors.keep().doctorID, department: "Cardiology", slotStart: start,
            slotEnd: end)
    }
}
