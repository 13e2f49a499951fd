import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// Putting imported visits right.
@Suite(.timeLimit(.minutes(10))) struct ImportUpdateTests {
    @Test func `status, end, department and reason are put right, in a step of their own`() async throws {
        try await withVisit { hospital, visit, correct in
            let answer = try await correct {
                $0.status = .cancelled
                $0.slotEnd = $0.slotStart
                $0.slotEnd?.seconds += 7
                $0.department = "Neurology"
                $0.cancelReason = "Travelling"
            }
            let appointment = try #require(answer.appointment)
            #expect(answer.alreadyThere && answer.updated && appointment.version == 2 && appointment.imported)
            #expect(appointment.status == .cancelled && appointment.feePercent == 0 && appointment.cancelReason == "Travelling")
            #expect(appointment.department == "Neurology" && appointment.slotEnd?.seconds == visit.slotStart.map { $0.seconds + 7 })
            #expect(try await hospital.read(appointment) == appointment)
            #expect(try await hospital.found(in: "neurology") == [appointment])
            let steps = try await hospital.history(of: appointment)
            #expect(steps.map(\.status) == [.completed, .cancelled] && steps.map(\.by) == ["admin:some-admin", "admin:some-admin"])
            #expect(steps.map(\.reason) == ["Imported", "Put right by an import"])
            #expect(try await hospital.events().isEmpty)
            try await hospital.expectInvariants()
        }
    }

    @Test func `what is so already is no change, and what is not said stays`() async throws {
        try await withVisit { hospital, visit, correct in
            let same = try await correct { _ in }
            #expect(same == ImportAppointmentResponse(appointment: visit, alreadyThere: true))
            let unsaid = try await correct {
                $0.status = .unspecified
                $0.slotEnd = nil
            }
            #expect(unsaid == same)
            _ = try await correct { $0.status = .noShow }
            let back = try await correct { $0.status = .completed }
            #expect(back.updated && back.appointment?.feePercent == nil && back.appointment?.slotEnd == visit.slotEnd)
        }
    }

    @Test func `only where it is asked`() async throws {
        try await withVisit { _, visit, correct in
            let answer = try await correct {
                $0.status = .noShow
                $0.update = false
            }
            #expect(answer == ImportAppointmentResponse(appointment: visit, alreadyThere: true))
        }
    }

    @Test func `what would be put right is told, and not stored, where it is only to be checked`() async throws {
        try await withVisit { hospital, visit, correct in
            let answer = try await correct {
                $0.status = .noShow
                $0.validateOnly = true
            }
            #expect(answer.updated && answer.appointment?.status == .noShow && answer.appointment?.appointmentID == visit.appointmentID)
            #expect(try await hospital.read(visit) == visit)
        }
    }

    @Test func `nothing is put wrong`() async throws {
        try await withVisit { hospital, visit, correct in
            await expectRefusal(.outOfRange, "PAST_VISIT_NOT_FINAL") { _ = try await correct { $0.status = .scheduled } }
            await expectRefusal(.outOfRange, "INVALID_SLOT") { _ = try await correct { $0.slotEnd = $0.slotStart } }
            let kept = try await hospital.read(visit)
            #expect(kept == visit)
        }
    }

    /// Imports a visit of a quarter of an hour, and hands over what imports it again with changes.
    private func withVisit(
        _ test: (
            AppointmentServiceUnderTest, Appointment, ((inout ImportAppointmentRequest) -> Void) async throws -> ImportAppointmentResponse
        ) async throws -> Void
    ) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            func take(_ change: (inout ImportAppointmentRequest) -> Void) async throws -> ImportAppointmentResponse {
                try await hospital.take(over: .completed, patient, doctor, until: "2026-02-03T10:15:00+05:30") {
                    $0.name("4711")
                    change(&$0)
                }
            }
            let visit = try #require(try await take { _ in }.appointment)
            try await test(hospital, visit) { change in
                try await take {
                    $0.update = true
                    change(&$0)
                }
            }
        }
    }
}

extension AppointmentServiceUnderTest {
    fileprivate func found(in department: String) async throws -> [Appointment] {
        try await appointments.listAppointments(ListAppointmentsRequest(department: department)).appointments
    }
}
