import Contracts
import FieldChecks
import HMSTestKit
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Testing
import Vocabulary

/// `GET /v1/slots`: exactly those that a booking would accept now.
@Suite(.timeLimit(.minutes(10))) struct SlotTests {
    @Test func `a free slot tells its doctor, its times and the clinic's clock`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let slots = try await hospital.slots(of: doctor, from: "2026-03-03")
            #expect(slots.count == 18)
            #expect(
                slots.first
                    == FreeSlot(
                        doctorID: doctor.doctorID, start: try timestamp("2026-03-03T03:30:00Z"), end: try timestamp("2026-03-03T04:00:00Z"),
                        localStart: "2026-03-03T09:00"))
            #expect(slots.last?.localStart == "2026-03-03T17:30")
        }
    }

    /// The clinic's clock is 09:00 on the first of these days, so lead time counts too.
    @Test(arguments: [
        ("Asia/Kolkata", "2026-03-02"), ("Asia/Kathmandu", "2026-03-02"), ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"), ("Australia/Lord_Howe", "2026-04-05"), ("Europe/London", "2026-10-25"),
    ])
    func `every slot that is listed can be booked, and no other`(timeZone: String, day: String) async throws {
        let calendar = try #require(ClinicCalendar(timeZone: timeZone))
        let today = try #require(LocalDate(day))
        let opening = try #require(calendar.slots(of: today).first)
        try await withAppointments(timeZone: timeZone, at: opening.start.rfc3339) { hospital in
            let doctor = hospital.doctors.keep()
            let hours = (1...7).map { WorkingHours(weekday: .init(rawValue: $0), start: "09:00", end: "16:45") }
            hospital.doctors.setWorkingHours(of: doctor.doctorID, hours)
            let leave = Leave(
                start: ProtobufTimestamp(opening.start + .seconds(5 * 3_600)), end: ProtobufTimestamp(opening.start + .seconds(6 * 3_600)))
            hospital.doctors.setLeaves(of: doctor.doctorID, [leave])
            _ = try await hospital.book(with: doctor, at: (opening.start + .seconds(4 * 3_600)).rfc3339)
            let tomorrow = today.adding(days: 1)
            let listed = try await hospital.slots(of: doctor, from: today.description, to: tomorrow.description).map(\.start)
            var accepted: [ProtobufTimestamp?] = []
            for index in -2..<140 {
                let start = opening.start + .seconds(900 * index)
                guard await outcome({ _ = try await hospital.cancel(try await hospital.book(with: doctor, at: start.rfc3339)) }) == "OK"
                else {
                    continue
                }
                accepted.append(ProtobufTimestamp(start))
            }
            #expect(listed == accepted)
            #expect(!listed.isEmpty)
        }
    }

    @Test func `a full day has none, and a cancelled appointment gives back its slot`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            var last: Appointment?
            for hour in 10...17 { last = try await hospital.book(with: doctor, at: "2026-03-03T\(hour):00:00+05:30") }
            #expect(try await hospital.slots(of: doctor, from: "2026-03-03").isEmpty)
            _ = try await hospital.cancel(try #require(last))
            #expect(try await hospital.slots(of: doctor, from: "2026-03-03").count == 11)
        }
    }

    @Test func `of a department every active doctor's slots are listed, by start and doctor, in pages`() async throws {
        try await withAppointments { hospital in
            let doctors = [hospital.doctors.keep(), hospital.doctors.keep()]
            hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            hospital.doctors.keep(Doctor(department: "Neurology", status: .active))
            var slots: [FreeSlot] = []
            var token = ""
            repeat {
                let page = try await hospital.appointments.listSlots(
                    ListSlotsRequest(department: "CARDIOLOGY", from: "2026-03-03", to: "2026-03-03", pageSize: 7, pageToken: token))
                slots += page.slots
                token = page.nextPageToken
            } while !token.isEmpty
            #expect(slots.count == 36 && Set(slots).count == 36)
            #expect(slots.prefix(2).map(\.doctorID) == doctors.map(\.doctorID).sorted())
            #expect(slots.map(\.localStart) == slots.map(\.localStart).sorted())
        }
    }

    @Test func `who does not exist or has left has no slots to list`() async throws {
        try await withAppointments { hospital in
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") {
                _ = try await hospital.slots(of: Doctor(doctorID: "doc_01jq0000000000000000000000"), from: "2026-03-03")
            }
            let inactive = hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.slots(of: inactive, from: "2026-03-03") }
            hospital.doctors.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.slots(of: inactive, from: "2026-03-03") }
        }
    }

    @Test(
        arguments: [
            ("2026-03-03", "2026-04-02", nil), ("2026-03-03", "2026-04-03", "to"), ("2026-03-03", "2026-03-02", "to"),
            ("2026-02-30", "2026-03-03", "from"), ("", "2026-03-03", "from"),
        ] as [(String, String, String?)])
    func `31 days can be listed at once`(from: String, to: String, field: String?) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { _ = try await hospital.slots(of: hospital.doctors.keep(), from: from, to: to) }
            #expect(refusal?.violations.map(\.field) == field.map { [$0] })
        }
    }

    @Test func `either a doctor or a department is named`() async throws {
        try await withAppointments { hospital in
            let doctorID = hospital.doctors.keep().doctorID
            for request in [
                ListSlotsRequest(from: "2026-03-03", to: "2026-03-03"),
                ListSlotsRequest(doctorID: doctorID, department: "Cardiology", from: "2026-03-03", to: "2026-03-03"),
            ] {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.appointments.listSlots(request) }
            }
        }
    }
}

extension AppointmentServiceUnderTest {
    /// Every free slot of a doctor, on one day where no last day is said.
    func slots(of doctor: Doctor, from: String, to: String? = nil) async throws -> [FreeSlot] {
        let request = ListSlotsRequest(doctorID: doctor.doctorID, from: from, to: to ?? from, pageSize: 500)
        return try await appointments.listSlots(request).slots
    }
}
