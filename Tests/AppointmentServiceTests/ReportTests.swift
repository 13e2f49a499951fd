import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Testing

/// `GET /v1/reports/appointments`, and the read model `doctor_department` behind it.
@Suite(.timeLimit(.minutes(10))) struct ReportTests {
    @Test func `appointments are counted by status, day and doctor`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            _ = try await hospital.cancel(try await hospital.book(with: doctor, at: "2026-03-03T11:00:00+05:30"))
            _ = try await hospital.book(with: doctor, at: "2026-03-04T10:00:00+05:30")
            #expect(
                try await hospital.report(.day) == [
                    AppointmentReportRow(group: "2026-03-03", total: 2, scheduled: 1, cancelled: 1),
                    AppointmentReportRow(group: "2026-03-04", total: 1, scheduled: 1),
                ])
            #expect(
                try await hospital.report(.status) == [
                    AppointmentReportRow(group: "CANCELLED", total: 1, cancelled: 1),
                    AppointmentReportRow(group: "SCHEDULED", total: 2, scheduled: 2),
                ])
            #expect(
                try await hospital.report(.doctor) == [
                    AppointmentReportRow(group: doctor.doctorID, total: 3, scheduled: 2, cancelled: 1)
                ])
            #expect(try await hospital.report(.day, from: "2026-03-04").map(\.group) == ["2026-03-04"])
        }
    }

    @Test func `billing rule 6: departments are those of the bookings, whatever the doctor's is now`() async throws {
        try await withAppointments { hospital in
            var doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            try await hospital.tell("evt_2", DoctorChanged(doctorID: doctor.doctorID, department: "Neurology", active: true, version: 2))
            let before = AppointmentReportRow(group: "Cardiology", total: 1, scheduled: 1)
            #expect(try await hospital.report(.department) == [before])
            doctor.department = "Neurology"
            hospital.doctors.keep(doctor)
            _ = try await hospital.book(with: doctor, at: "2026-03-04T10:00:00+05:30")
            #expect(
                try await hospital.report(.department) == [before, AppointmentReportRow(group: "Neurology", total: 1, scheduled: 1)])
        }
    }

    @Test func `by doctor the read model says to which department each belongs now, as the events tell`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            #expect(try await hospital.report(.doctor).map(\.department) == [""])
            for (version, department) in [(1, "Cardiology"), (2, "Neurology")] as [(Int64, String)] {
                let changed = DoctorChanged(doctorID: doctor.doctorID, department: department, active: true, version: version)
                try await hospital.tell("evt_\(version)", changed)
                #expect(try await hospital.report(.doctor).map(\.department) == [department])
            }
        }
    }

    @Test func `an event that comes late or again changes nothing`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            try await hospital.tell("evt_2", DoctorChanged(doctorID: doctor.doctorID, department: "Neurology", active: true, version: 2))
            try await hospital.tell("evt_1", DoctorChanged(doctorID: doctor.doctorID, department: "Cardiology", active: true, version: 1))
            try await hospital.tell("evt_2", DoctorChanged(doctorID: doctor.doctorID, department: "Surgery", active: true, version: 3))
            #expect(try await hospital.report(.doctor).map(\.department) == ["Neurology"])
        }
    }

    @Test func `the read model decides nothing`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            try await hospital.tell("evt_1", DoctorChanged(doctorID: doctor.doctorID, department: "Neurology", active: false, version: 9))
            _ = try await hospital.book(with: doctor)
        }
    }

    @Test(arguments: [("2026-03-03", "2027-03-03", true), ("2026-03-03", "2027-03-04", false), ("2026-03-03", "2026-03-02", false)])
    func `a report holds a year at most`(from: String, to: String, isAllowed: Bool) async throws {
        try await withAppointments { hospital in
            let request = ReportAppointmentsRequest(from: from, to: to, groupBy: .day)
            let answer = await outcome { _ = try await hospital.appointments.reportAppointments(request) }
            #expect(answer == (isAllowed ? "OK" : "INVALID_ARGUMENT"))
        }
    }

    @Test func `a report is grouped by something`() async throws {
        try await withAppointments { hospital in
            let request = ReportAppointmentsRequest(from: "2026-03-03", to: "2026-03-03")
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.appointments.reportAppointments(request) }
        }
    }
}

extension AppointmentServiceUnderTest {
    fileprivate func report(_ grouping: AppointmentGrouping, from: String = "2026-03-02") async throws -> [AppointmentReportRow] {
        try await appointments.reportAppointments(ReportAppointmentsRequest(from: from, to: "2026-03-31", groupBy: grouping)).rows
    }

    /// Delivers an event of the doctor service.
    func tell(_ eventID: String, _ doctor: DoctorChanged) async throws {
        let event = Event(
            eventID: eventID, eventType: "doctor.changed", aggregateID: doctor.doctorID, occurredAt: ProtobufTimestamp(clock.now),
            correlationID: "c-1", payload: doctor.protobuf())
        let options = try await hospital.options(.service, subject: "doctor")
        let client = EventServiceClient(ChannelOfCaller(service.channel, options))
        try await client.deliverEvents(DeliverEventsRequest(producer: "doctor", events: [event])).requireAllApplied()
    }
}
