import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// What the patient and the doctor service ask before they commit what no booking may meet.
@Suite(.timeLimit(.minutes(5)))
struct HoldTests {
    @Test func `active appointments are counted, of a patient or of a doctor, in a stretch of time`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            _ = try await hospital.cancel(
                try await hospital.book(
                    with: Doctor(doctorID: appointment.doctorID, department: "Cardiology"), at: "2026-03-03T11:00:00+05:30"))
            let counts: [(CountActiveAppointmentsRequest, Int32)] = [
                (CountActiveAppointmentsRequest(of: .patientID(appointment.patientID)), 1),
                (CountActiveAppointmentsRequest(of: .doctorID(appointment.doctorID)), 1),
                (CountActiveAppointmentsRequest(of: .patientID("pat_nobody")), 0),
                (CountActiveAppointmentsRequest(of: .doctorID(appointment.doctorID), from: appointment.slotEnd), 0),
                (CountActiveAppointmentsRequest(of: .doctorID(appointment.doctorID), to: appointment.slotStart), 0),
                (
                    CountActiveAppointmentsRequest(
                        of: .doctorID(appointment.doctorID), from: try timestamp("2026-03-03T10:29:59.999+05:30"),
                        to: try timestamp("2026-03-03T10:30:00+05:30")), 1
                ),
                (
                    CountActiveAppointmentsRequest(
                        of: .doctorID(appointment.doctorID), from: try timestamp("2026-03-03T09:00:00+05:30"),
                        to: try timestamp("2026-03-03T10:00:00.001+05:30")), 1
                ),
            ]
            let peer = try await hospital.peer()
            for (request, count) in counts {
                #expect(try await peer.countActiveAppointments(request).count == count, "\(request)")
            }
        }
    }

    @Test func `where there are appointments nothing is held`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let peer = try await hospital.peer()
            #expect(try await peer.holdBookings(HoldBookingsRequest(of: .patientID(appointment.patientID))).active == 1)
            #expect(try await peer.holdBookings(HoldBookingsRequest(of: .doctorID(appointment.doctorID))).active == 1)
            _ = try await hospital.move(appointment, to: "2026-03-03T11:00:00+05:30")
        }
    }

    @Test func `where they are to stay, no other is made all the same`() async throws {
        try await withAppointments { hospital in
            let (patient, doctor) = (hospital.patients.keep(), hospital.doctors.keep())
            _ = try await hospital.book(patient, with: doctor)
            let hold = HoldBookingsRequest(of: .doctorID(doctor.doctorID), despiteActive: true)
            #expect(try await hospital.peer().holdBookings(hold).active == 1)
            await expectRefusal(.unavailable, "UNAVAILABLE") {
                _ = try await hospital.book(patient, with: doctor, at: "2026-03-04T10:00:00+05:30")
            }
        }
    }

    @Test func `while bookings are held none is made there, with UNAVAILABLE and a time to come again`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let peer = try await hospital.peer()
            #expect(try await peer.holdBookings(HoldBookingsRequest(of: .patientID(patient.patientID))).active == 0)
            let refused = await refusal { _ = try await hospital.book(patient) }
            #expect(refused?.code == .unavailable && refused?.reason == "UNAVAILABLE" && refused?.retryAfter == .seconds(1))
            _ = try await hospital.book()
            try await hospital.expectInvariants()
        }
    }

    @Test func `a hold on a stretch of a doctor's time stops bookings and moves into it, and no others`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(with: doctor, at: "2026-03-04T09:00:00+05:30")
            let hold = HoldBookingsRequest(
                of: .doctorID(doctor.doctorID), from: try timestamp("2026-03-03T10:00:00+05:30"),
                to: try timestamp("2026-03-03T11:00:00+05:30"))
            #expect(try await hospital.peer().holdBookings(hold).active == 0)
            for start in ["2026-03-03T10:00:00+05:30", "2026-03-03T10:30:00+05:30"] {
                await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(with: doctor, at: start) }
                await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.move(appointment, to: start) }
            }
            _ = try await hospital.book(with: doctor, at: "2026-03-03T09:30:00+05:30")
            _ = try await hospital.move(appointment, to: "2026-03-03T11:00:00+05:30")
        }
    }

    @Test func `what a rule refuses is refused by the rule, hold or not`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .doctorID(doctor.doctorID)))
            hospital.doctors.keep(Doctor(doctorID: doctor.doctorID, department: "Cardiology", status: .inactive))
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.book(with: doctor) }
        }
    }

    @Test func `a doctor's appointments are cancelled as the clinic, for nothing, and his time is held`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let before = try await hospital.book(with: doctor, at: "2026-03-03T09:30:00+05:30")
            let within = try await hospital.book(with: doctor, at: "2026-03-03T10:00:00+05:30")
            let request = CancelDoctorAppointmentsRequest(
                doctorID: doctor.doctorID, from: try timestamp("2026-03-03T10:00:00+05:30"),
                to: try timestamp("2026-03-03T12:00:00+05:30"), reason: "The doctor is on leave.")
            try hospital.setClock("2026-03-03T07:59:00+05:30")
            let peer = try await hospital.peer()
            #expect(try await peer.cancelDoctorAppointments(request).cancelled == 1)
            #expect(try await peer.cancelDoctorAppointments(request).cancelled == 0)
            let cancelled = try await hospital.read(within)
            #expect(cancelled.status == .cancelled && cancelled.cancelledBy == .clinic && cancelled.feePercent == 0)
            #expect(cancelled.cancelReason == "The doctor is on leave.")
            #expect(try await hospital.read(before) == before)
            #expect(try await hospital.history(of: within).last?.by == "service:doctor")
            #expect(try await hospital.eventTypes() == ["appointment.booked", "appointment.booked", "appointment.cancelled"])
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(with: doctor, at: "2026-03-03T11:00:00+05:30") }
            try await hospital.expectInvariants()
        }
    }

    /// The appointment is on Tuesday, 10:00 to 10:30.
    @Test(
        arguments: [
            (["10:00", "10:30"], 0), (["09:00", "18:00"], 0), (["09:00", "10:15", "10:15", "18:00"], 0), (["10:01", "18:00"], 1),
            (["09:00", "10:29"], 1), (["09:00", "10:00", "10:30", "18:00"], 1), ([], 1),
        ] as [([String], Int32)])
    func `what lies at least partly outside some hours is counted and named, and else held`(
        hours: [String], active: Int32
    ) async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(with: doctor)
            let stretches = stride(from: 0, to: hours.count, by: 2).map { index in
                WorkingHours(weekday: .tuesday, start: hours[index], end: hours[index + 1])
            }
            let request = HoldBookingsRequest(
                of: .doctorID(doctor.doctorID), from: try timestamp("2026-03-02T09:30:00+05:30"),
                outsideHours: HoursOfWeek(workingHours: stretches))
            let held = try await hospital.peer().holdBookings(request)
            #expect(held.active == active && held.appointmentIds == (active > 0 ? [appointment.appointmentID] : []))
            // A week later at the same time, and on a day on which he does not work.
            _ = try await hospital.book(with: doctor, at: "2026-03-10T10:00:00+05:30")
            let booking = await outcome { _ = try await hospital.book(with: doctor, at: "2026-03-11T10:00:00+05:30") }
            #expect(booking == (active > 0 ? "OK" : "UNAVAILABLE"))
        }
    }

    /// 14:00 UTC is 09:00 in New York on Friday 6 March, and 10:00 a week later: the clock was set forward on the 8th.
    @Test func `hours are of the clinic's wall clock, on both sides of a change of it`() async throws {
        try await withAppointments(timeZone: "America/New_York", at: "2026-03-04T15:00:00Z") { hospital in
            let doctor = hospital.doctors.keep()
            let early = try await hospital.book(with: doctor, at: "2026-03-06T14:00:00Z")
            let late = try await hospital.book(with: doctor, at: "2026-03-13T14:00:00Z")
            for (start, end, named) in [("09:00", "09:30", [late]), ("10:00", "10:30", [early]), ("09:00", "10:30", [])] {
                let request = HoldBookingsRequest(
                    of: .doctorID(doctor.doctorID),
                    outsideHours: HoursOfWeek(workingHours: [WorkingHours(weekday: .friday, start: start, end: end)]))
                #expect(try await hospital.peer().holdBookings(request).appointmentIds == named.map(\.appointmentID))
            }
        }
    }

    @Test func `up to 20 are named, by their start`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            var booked: [Appointment] = []
            for day in (10...30).reversed() {
                booked.insert(try await hospital.book(with: doctor, at: "2026-03-\(day)T10:00:00+05:30"), at: 0)
            }
            let held = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .doctorID(doctor.doctorID)))
            #expect(held.active == 21 && held.appointmentIds == booked.prefix(20).map(\.appointmentID))
        }
    }

    /// The hours are of Tuesday morning; it is 10:00, and what starts then has begun.
    @Test func `only what lies outside the hours and has not begun is cancelled, and asking again goes on`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let inside = try await hospital.book(with: doctor, at: "2026-03-10T12:30:00+05:30")
            let outside = try await hospital.book(with: doctor, at: "2026-03-10T13:00:00+05:30")
            let begun = try await hospital.book(with: doctor, at: "2026-03-04T10:00:00+05:30")
            try hospital.setClock("2026-03-04T10:00:00+05:30")
            let hours = HoursOfWeek(workingHours: [WorkingHours(weekday: .tuesday, start: "09:00", end: "13:00")])
            let request = CancelDoctorAppointmentsRequest(
                doctorID: doctor.doctorID, from: try timestamp("2026-03-04T10:30:00+05:30"), reason: "Hours", outsideHours: hours)
            let peer = try await hospital.peer()
            #expect(try await peer.cancelDoctorAppointments(request).cancelled == 1)
            #expect(try await peer.cancelDoctorAppointments(request).cancelled == 0)
            #expect(try await hospital.read(outside).status == .cancelled)
            for kept in [inside, begun] { #expect(try await hospital.read(kept) == kept) }
            _ = try await hospital.book(with: doctor, at: "2026-03-10T12:00:00+05:30")
            for start in ["2026-03-10T13:00:00+05:30", "2026-03-11T12:00:00+05:30"] {
                await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(with: doctor, at: start) }
            }
            try await hospital.expectInvariants()
        }
    }

    /// The slot is 10:00 to 10:30.
    @Test(arguments: [(-1, true), (0, false), (1, false), (1_799_999, false)])
    func `what has begun is not cancelled with the others`(milliseconds: Int, isCancelled: Bool) async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let first = try await hospital.book(with: doctor)
            let next = try await hospital.book(with: doctor, at: "2026-03-03T10:30:00+05:30")
            try hospital.setClock("2026-03-03T10:00:00+05:30", plus: milliseconds)
            let request = CancelDoctorAppointmentsRequest(doctorID: doctor.doctorID, reason: "The doctor has left the clinic.")
            #expect(try await hospital.peer().cancelDoctorAppointments(request).cancelled == (isCancelled ? 2 : 1))
            #expect(try await hospital.read(first).status == (isCancelled ? .cancelled : .scheduled))
            #expect(try await hospital.read(next).status == .cancelled)
            try await hospital.expectInvariants()
        }
    }

    /// No relay runs here, so nobody has heard of anything.
    @Test func `visits that end in a bill keep bookings of a patient from being held until billing has heard of them`() async throws {
        try await withAppointments { hospital in
            let peer = try await hospital.peer()
            let doctor = hospital.doctors.keep()
            func awaiting(_ patient: Patient) async throws -> Int32 {
                try await peer.holdBookings(HoldBookingsRequest(of: .patientID(patient.patientID))).awaitingBills
            }
            let (seen, missed, late, early) = (
                hospital.patients.keep(), hospital.patients.keep(), hospital.patients.keep(), hospital.patients.keep()
            )
            let completed = try await hospital.book(seen, with: doctor)
            let noShow = try await hospital.book(missed, with: doctor, at: "2026-03-03T10:30:00+05:30")
            let cancelledLate = try await hospital.book(late, with: doctor, at: "2026-03-03T12:00:00+05:30")
            _ = try await hospital.cancel(try await hospital.book(early, with: doctor, at: "2026-03-03T13:00:00+05:30"))
            try hospital.setClock("2026-03-03T11:00:00+05:30")
            _ = try await hospital.complete(completed)
            _ = try await hospital.markNoShow(noShow)
            _ = try await hospital.cancel(cancelledLate)
            for patient in [seen, missed, late] { #expect(try await awaiting(patient) == 1) }
            #expect(try await awaiting(early) == 0, "What costs nothing makes no bill")
            #expect(try await peer.holdBookings(HoldBookingsRequest(of: .doctorID(doctor.doctorID))).awaitingBills == 0)
            _ = try await hospital.book(seen, at: "2026-03-04T10:00:00+05:30")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(early, at: "2026-03-04T10:00:00+05:30") }
        }
    }

    /// A time that is none must not stand for every time.
    @Test(arguments: [ProtobufTimestamp(seconds: .max), ProtobufTimestamp(seconds: 0, nanos: 1)])
    func `a stretch of time that is none is refused`(time: ProtobufTimestamp) async throws {
        try await withAppointments { hospital in
            let peer = try await hospital.peer()
            let doctorID = hospital.doctors.keep().doctorID
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await peer.countActiveAppointments(CountActiveAppointmentsRequest(of: .doctorID(doctorID), from: time))
            }
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await peer.holdBookings(HoldBookingsRequest(of: .doctorID(doctorID), to: time))
            }
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                let request = CancelDoctorAppointmentsRequest(doctorID: doctorID, from: time, reason: "On leave")
                _ = try await peer.cancelDoctorAppointments(request)
            }
        }
    }

    @Test func `only services hold, count and cancel for others`() async throws {
        try await withAppointments { hospital in
            for role in CallerRole.allCases where role != .service {
                let client = try await hospital.client(role)
                let doctorID = hospital.doctors.keep().doctorID
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.holdBookings(HoldBookingsRequest(of: .doctorID(doctorID)))
                }
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.countActiveAppointments(CountActiveAppointmentsRequest(of: .doctorID(doctorID)))
                }
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    let request = CancelDoctorAppointmentsRequest(doctorID: doctorID, reason: "No")
                    _ = try await client.cancelDoctorAppointments(request)
                }
            }
        }
    }
}
