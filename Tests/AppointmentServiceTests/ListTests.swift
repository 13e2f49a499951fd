import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// `GET /v1/appointments`: filters and pages.
@Suite(.timeLimit(.minutes(10))) struct ListTests {
    @Test func `appointments are listed newest first, in pages that end with the empty token`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            var booked: [Appointment] = []
            for hour in [15, 11, 13, 12, 14] { booked.append(try await hospital.book(with: doctor, at: "2026-03-03T\(hour):00:00+05:30")) }
            var listed: [Appointment] = []
            var token = ""
            var pages = 0
            repeat {
                let page = try await hospital.appointments.listAppointments(ListAppointmentsRequest(pageSize: 2, pageToken: token))
                listed += page.appointments
                token = page.nextPageToken
                pages += 1
            } while !token.isEmpty
            #expect(listed == booked.reversed() && pages == 3)
        }
    }

    @Test func `every filter holds, alone and together`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let neurologist = hospital.doctors.keep(Doctor(department: "Neurology", status: .active))
            let first = try await hospital.book(patient, with: doctor)
            let second = try await hospital.book(patient, with: neurologist, at: "2026-03-04T17:30:00+05:30")
            let third = try await hospital.cancel(try await hospital.book(with: doctor, at: "2026-03-05T09:00:00+05:30"))
            let expected: [(ListAppointmentsRequest, [Appointment])] = [
                (ListAppointmentsRequest(patientID: patient.patientID), [second, first]),
                (ListAppointmentsRequest(doctorID: doctor.doctorID), [third, first]),
                (ListAppointmentsRequest(department: " NEUROLOGY "), [second]),
                (ListAppointmentsRequest(status: .cancelled), [third]),
                (ListAppointmentsRequest(status: .noShow), []),
                (ListAppointmentsRequest(from: "2026-03-04"), [third, second]),
                (ListAppointmentsRequest(to: "2026-03-04"), [second, first]),
                (ListAppointmentsRequest(from: "2026-03-04", to: "2026-03-04"), [second]),
                (ListAppointmentsRequest(patientID: patient.patientID, doctorID: doctor.doctorID, status: .scheduled), [first]),
            ]
            for (request, appointments) in expected {
                #expect(try await hospital.appointments.listAppointments(request).appointments == appointments, "\(request)")
            }
        }
    }

    @Test func `by slot they come by their start, those of one start as they were booked, in pages`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            var expected: [(String, Appointment)] = []
            for (day, hour) in [(4, 15), (3, 11), (5, 9), (3, 12), (4, 14)] {
                let start = "2026-03-0\(day)T\(hour < 10 ? "0" : "")\(hour):00:00+05:30"
                expected.append((start, try await hospital.book(with: doctor, at: start)))
                expected.append((start, try await hospital.book(at: start)))
            }
            let bySlot = expected.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
            #expect(try await hospital.pages(ListAppointmentsRequest(pageSize: 3, order: .slot)) == bySlot)
            let his = bySlot.filter { $0.doctorID == doctor.doctorID }
            #expect(try await hospital.pages(ListAppointmentsRequest(doctorID: doctor.doctorID, pageSize: 2, order: .slot)) == his)
        }
    }

    @Test func `every filter holds by slot, too`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let neurologist = hospital.doctors.keep(Doctor(department: "Neurology", status: .active))
            let third = try await hospital.book(patient, at: "2026-03-05T09:00:00+05:30")
            let second = try await hospital.cancel(try await hospital.book(patient, with: neurologist, at: "2026-03-04T17:30:00+05:30"))
            let first = try await hospital.book(at: "2026-03-03T09:00:00+05:30")
            let expected: [(ListAppointmentsRequest, [Appointment])] = [
                (ListAppointmentsRequest(order: .slot), [first, second, third]),
                (ListAppointmentsRequest(patientID: patient.patientID, order: .slot), [second, third]),
                (ListAppointmentsRequest(patientID: patient.patientID, from: "2026-03-05", order: .slot), [third]),
                (ListAppointmentsRequest(doctorID: neurologist.doctorID, order: .slot), [second]),
                (ListAppointmentsRequest(department: "neurology", order: .slot), [second]),
                (ListAppointmentsRequest(status: .scheduled, order: .slot), [first, third]),
                (ListAppointmentsRequest(status: .cancelled, order: .slot), [second]),
                (ListAppointmentsRequest(from: "2026-03-04", order: .slot), [second, third]),
                (ListAppointmentsRequest(to: "2026-03-04", order: .slot), [first, second]),
                (ListAppointmentsRequest(from: "2026-03-04", to: "2026-03-04", order: .slot), [second]),
                (ListAppointmentsRequest(status: .scheduled, from: "2026-03-04", order: .slot), [third]),
            ]
            for (request, appointments) in expected {
                #expect(try await hospital.appointments.listAppointments(request).appointments == appointments, "\(request)")
            }
        }
    }

    @Test func `days are the clinic's, not those of UTC`() async throws {
        try await withAppointments(timeZone: "Australia/Lord_Howe", at: "2026-04-03T00:00:00Z") { hospital in
            let appointment = try await hospital.book(at: "2026-04-04T22:30:00Z")
            let sunday = ListAppointmentsRequest(from: "2026-04-05", to: "2026-04-05")
            #expect(try await hospital.appointments.listAppointments(sunday).appointments == [appointment])
            let bySlot = ListAppointmentsRequest(from: "2026-04-05", to: "2026-04-05", order: .slot)
            #expect(try await hospital.appointments.listAppointments(bySlot).appointments == [appointment])
            #expect(try await hospital.appointments.listAppointments(ListAppointmentsRequest(to: "2026-04-04")).appointments.isEmpty)
        }
    }

    @Test func `a token of another list, and sizes out of bounds, are refused`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            for hour in 11...12 { _ = try await hospital.book(with: doctor, at: "2026-03-03T\(hour):00:00+05:30") }
            let token = try await hospital.appointments.listAppointments(ListAppointmentsRequest(pageSize: 1)).nextPageToken
            let requests = [
                ListAppointmentsRequest(doctorID: doctor.doctorID, pageToken: token), ListAppointmentsRequest(pageSize: -1),
                ListAppointmentsRequest(pageToken: token, order: .slot),
                ListAppointmentsRequest(pageSize: 501), ListAppointmentsRequest(from: "2026-02-30"),
            ]
            for request in requests {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.appointments.listAppointments(request) }
            }
        }
    }
}

extension AppointmentServiceUnderTest {
    /// Every appointment of a list, page by page.
    fileprivate func pages(_ request: ListAppointmentsRequest) async throws -> [Appointment] {
        var request = request
        var listed: [Appointment] = []
        repeat {
            let page = try await appointments.listAppointments(request)
            listed += page.appointments
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return listed
    }
}
