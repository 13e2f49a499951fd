import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing
import Vocabulary

/// Bookings against deletions, leave and new hours, with the real patient, doctor and appointment service, in every order in which
/// their steps can meet: no active appointment is left with somebody who is gone, in a leave, or outside the hours.
@Suite(.timeLimit(.minutes(5)))
struct DeletionRaceTests {
    @Test(arguments: Departure.allCases)
    func `a booking that commits before bookings are held is counted, and refuses or is cancelled`(departure: Departure) async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            let gate = try hospital.wayToAppointments(of: departure).close(departure.method, .beforeCall)
            async let departed = hospital.leave(departure, pair)
            await gate.isReached()
            #expect(await hospital.book(pair) == "OK")
            gate.open()
            #expect(await departed == departure.answerOverAppointment)
            #expect(try await hospital.activeAppointments(of: pair) == (departure.cancels ? 0 : 1))
        }
    }

    @Test(arguments: Departure.allCases)
    func `a booking that comes while bookings are held waits, and is refused by the rule afterwards`(departure: Departure) async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            let gate = try hospital.wayToAppointments(of: departure).close(departure.method, .afterAnswer)
            async let departed = hospital.leave(departure, pair)
            await gate.isReached()
            #expect(await hospital.book(pair) == "UNAVAILABLE")
            gate.open()
            #expect(await departed == "OK")
            #expect(await hospital.book(pair) == departure.refusalAfterwards)
            #expect(try await hospital.activeAppointments(of: pair) == 0)
        }
    }

    @Test(arguments: Departure.allCases)
    func `a booking that has asked before and commits after a departure meets the hold`(departure: Departure) async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            let gate = try hospital.wayToPeople(of: departure).close(
                departure == .patient ? "GetPatient" : "ListAvailability", .afterAnswer)
            async let booked = hospital.book(pair)
            await gate.isReached()
            #expect(await hospital.leave(departure, pair) == "OK")
            gate.open()
            #expect(await booked == "UNAVAILABLE")
            #expect(try await hospital.activeAppointments(of: pair) == 0)
        }
    }

    /// Bookings that come as they like; how many of them are made is not known.
    @Test(arguments: Departure.allCases)
    func `whatever else happens, who has left keeps no active appointment`(departure: Departure) async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            async let bookings = outcomes(of: 24) { index in
                let answer = await hospital.book(pair, at: TestHospital.morning + .days(1 + index / 8) + .seconds(index % 8 * 1_800))
                if answer != "OK" { throw RPCError(.aborted, answer, "not booked") }
            }
            let departed = await hospital.leave(departure, pair)
            let answers = await bookings
            #expect(Set(["OK", "UNAVAILABLE", departure.refusalAfterwards]).isSuperset(of: answers.keys), "\(answers)")
            let active = try await hospital.activeAppointments(of: pair)
            #expect(departed == "OK" ? active == 0 : departed == departure.answerOverAppointment && active == answers["OK"])
        }
    }
}

/// Who leaves, and what becomes of his appointments.
enum Departure: CaseIterable, Sendable {
    case doctor, doctorCancelling, leave, leaveCancelling, hours, hoursCancelling, patient

    var cancels: Bool { self == .doctorCancelling || self == .leaveCancelling || self == .hoursCancelling }

    /// By which bookings are held.
    var method: String { cancels ? "CancelDoctorAppointments" : "HoldBookings" }

    var answerOverAppointment: String {
        switch self {
        case .doctor: "DOCTOR_HAS_APPOINTMENTS"
        case .leave: "LEAVE_CONFLICT"
        case .patient: "PATIENT_HAS_APPOINTMENTS"
        case .hours: "SCHEDULE_CONFLICT"
        case .doctorCancelling, .leaveCancelling, .hoursCancelling: "OK"
        }
    }

    var refusalAfterwards: String {
        switch self {
        case .doctor, .doctorCancelling: "DOCTOR_INACTIVE"
        case .leave, .leaveCancelling, .hours, .hoursCancelling: "DOCTOR_UNAVAILABLE"
        case .patient: "PATIENT_INACTIVE"
        }
    }
}
