import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// What was imported stands in nobody's way, and stays as it is.
@Suite(.timeLimit(.minutes(10))) struct HistoryTests {
    @Test func `history takes no slot, no place under the cap, and holds nobody`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for minute in 10...19 { try await hospital.take(over: .completed, patient, doctor, at: "2026-03-02T08:\(minute):00+05:30") }
            try await hospital.take(over: .cancelled, patient, doctor, at: "2026-03-02T11:00:00+05:30")
            for half in 0..<8 {
                _ = try await hospital.book(with: doctor, at: "2026-03-02T\(11 + half / 2):\(half % 2 == 0 ? "00" : "30"):00+05:30")
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `nobody with nothing but a past is kept from leaving`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for status in [AppointmentStatus.completed, .noShow, .cancelled] { try await hospital.take(over: status, patient, doctor) }
            let peer = try await hospital.peer()
            for of in [HoldBookingsRequest.OneOf_Of.patientID(patient.patientID), .doctorID(doctor.doctorID)] {
                #expect(try await peer.holdBookings(HoldBookingsRequest(of: of)) == HoldBookingsResponse())
            }
            let count = CountActiveAppointmentsRequest(of: .doctorID(doctor.doctorID))
            #expect(try await peer.countActiveAppointments(count).count == 0)
        }
    }

    @Test(arguments: [AppointmentStatus.completed, .cancelled, .noShow])
    func `no step follows`(status: AppointmentStatus) async throws {
        try await withAppointments { hospital in
            let visit = try #require(try await hospital.take(over: status, at: "2026-03-02T08:45:00+05:30").appointment)
            let steps: [(String, () async throws -> Void)] = [
                ("check-in", { _ = try await hospital.checkIn(visit) }), ("complete", { _ = try await hospital.complete(visit) }),
                ("no-show", { _ = try await hospital.markNoShow(visit) }),
                ("cancel", { _ = try await hospital.cancel(visit, by: .clinic) }),
                ("undo", { _ = try await hospital.undo(visit) }),
                ("move", { _ = try await hospital.move(visit, to: "2026-03-03T10:00:00+05:30") }),
            ]
            for (name, step) in steps {
                let refusal = await refusal(step)
                #expect(refusal?.reason == "INVALID_STATE", "\(name)")
            }
            #expect(try await hospital.read(visit) == visit)
        }
    }

    @Test func `its history is no secret of the doctor's`() async throws {
        try await withAppointments { hospital in
            let visit = try #require(try await hospital.take(over: .completed).appointment)
            let desk = try await hospital.client(.reception)
            let steps = try await desk.getAppointmentHistory(GetAppointmentHistoryRequest(appointmentID: visit.appointmentID)).steps
            #expect(steps.map(\.reason) == ["Imported"])
        }
    }

    @Test(arguments: [AppointmentGrouping.department, .doctor, .day, .status])
    func `it counts where a report asks for it`(grouping: AppointmentGrouping) async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            try await hospital.take(over: .completed, nil, doctor)
            func total(_ includeHistory: Bool) async throws -> Int64 {
                let request = ReportAppointmentsRequest(
                    from: "2026-02-01", to: "2026-03-31", groupBy: grouping, includeHistory: includeHistory)
                return try await hospital.appointments.reportAppointments(request).rows.reduce(0) { $0 + $1.total }
            }
            #expect(try await total(false) == 1)
            #expect(try await total(true) == 2)
        }
    }

    @Test func `lists show it, marked`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let visit = try #require(try await hospital.take(over: .noShow, patient) { $0.name("4711") }.appointment)
            let booked = try await hospital.book(patient)
            let list = ListAppointmentsRequest(patientID: patient.patientID)
            #expect(try await hospital.appointments.listAppointments(list).appointments == [booked, visit])
            #expect(visit.imported && !booked.imported)
            #expect(try await hospital.found(by: "4711") == [visit])
            #expect(try await hospital.found(by: "4712").isEmpty)
        }
    }
}
