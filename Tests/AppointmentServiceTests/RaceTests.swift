import Contracts
import Dispatch
import HMSTestKit
import RPC
import SeededRandom
import ServiceKit
import Storage
import Testing
import Vocabulary

/// 64 tasks at the same time: the counts of winners are exact, and the invariants hold.
@Suite(.timeLimit(.minutes(5)))
struct RaceTests {
    @Test func `of 64 patients who want one slot of one doctor one gets it`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let answers = await outcomes(of: 64) { _ in _ = try await hospital.book(with: doctor) }
            #expect(answers == ["OK": 1, "DOCTOR_SLOT_TAKEN": 63])
            try await hospital.expectInvariants()
        }
    }

    @Test func `of 64 doctors at whom one patient wants the same slot he gets one`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let answers = await outcomes(of: 64) { _ in _ = try await hospital.book(patient) }
            #expect(answers == ["OK": 1, "PATIENT_SLOT_TAKEN": 63])
            try await hospital.expectInvariants()
        }
    }

    @Test func `of 64 bookings over 16 slots of one day 8 are made`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let first = try instant("2026-03-03T09:00:00+05:30")
            let answers = await outcomes(of: 64) { index in
                _ = try await hospital.book(with: doctor, at: (first + .seconds(index % 16 * 1_800)).rfc3339)
            }
            #expect(answers["OK"] == 8)
            #expect((answers["DOCTOR_DAILY_CAP"] ?? 0) + (answers["DOCTOR_SLOT_TAKEN"] ?? 0) == 56)
            try await hospital.expectInvariants()
        }
    }

    @Test func `of 64 moves into one slot one is made, and the losers stay where they were`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let first = try instant("2026-03-03T09:00:00+05:30")
            var appointments: [Appointment] = []
            for index in 0..<64 {
                appointments.append(
                    try await hospital.book(with: doctor, at: (first + .days(index / 8) + .seconds(index % 8 * 1_800)).rfc3339))
            }
            let booked = appointments
            let answers = await outcomes(of: 64) { _ = try await hospital.move(booked[$0], to: "2026-03-20T10:00:00+05:30") }
            #expect(answers == ["OK": 1, "DOCTOR_SLOT_TAKEN": 63])
            try await hospital.expectInvariants()
        }
    }

    @Test func `of 64 who end one appointment one does`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            let answers = await outcomes(of: 64) { index in
                if index.isMultiple(of: 2) {
                    _ = try await hospital.complete(appointment)
                } else {
                    _ = try await hospital.markNoShow(appointment)
                }
            }
            #expect(answers == ["OK": 1, "INVALID_STATE": 63])
            #expect(try await hospital.eventTypes().count == 2)
            try await hospital.expectInvariants()
        }
    }

    @Test func `an appointment is moved twice, however many try`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let first = try instant("2026-03-10T09:00:00+05:30")
            let answers = await outcomes(of: 64) { _ = try await hospital.move(appointment, to: (first + .days($0)).rfc3339) }
            #expect(answers == ["OK": 2, "RESCHEDULE_LIMIT": 62])
            #expect(try await hospital.read(appointment).rescheduleCount == 2)
            try await hospital.expectInvariants()
        }
    }

    @Test func `a hold and 64 bookings at once agree: it counts exactly those that were made`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let peer = try await hospital.peer()
            let first = try instant("2026-03-03T09:00:00+05:30")
            async let answers = outcomes(of: 64) { _ = try await hospital.book(patient, at: (first + .days($0)).rfc3339) }
            let counted = Int(try await peer.holdBookings(HoldBookingsRequest(of: .patientID(patient.patientID))).active)
            let seen = await answers
            #expect((seen["OK"] ?? 0) == counted && counted + (seen["UNAVAILABLE"] ?? 0) == 64, "\(seen), counted \(counted)")
            try await hospital.expectInvariants()
        }
    }

    /// The writer is kept busy until all of them wait for it, in the order that the test wants: one commit does them all.
    @Test(.enabled(if: TestHospital.isOnSQLite, "on PostgreSQL every write has a commit of its own"), arguments: [true, false])
    func `a hold and 64 bookings in one commit agree: it counts those before it, and those after it meet it`(
        holdComesFirst: Bool
    ) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let peer = try await hospital.peer()
            let first = try instant("2026-03-03T09:00:00+05:30")
            @Sendable func hold() async throws -> Int {
                Int(try await peer.holdBookings(HoldBookingsRequest(of: .patientID(patient.patientID))).active)
            }
            let writer = HeldWriter(hospital.service.resources.database)
            try await writer.isHeld()
            async let early = holdComesFirst ? hold() : 0
            if holdComesFirst { try await writer.isAwaited(by: 1) }
            async let answers = outcomes(of: 64) { _ = try await hospital.book(patient, at: (first + .days($0)).rfc3339) }
            try await writer.isAwaited(by: holdComesFirst ? 65 : 64)
            async let late = holdComesFirst ? 0 : hold()
            try await writer.isAwaited(by: 65)
            try await writer.letGo()
            #expect(try await early + late == (holdComesFirst ? 0 : 64))
            #expect(await answers == (holdComesFirst ? ["UNAVAILABLE": 64] : ["OK": 64]))
            try await hospital.expectInvariants()
        }
    }

    @Test func `under one key 64 requests make one booking`() async throws {
        try await withAppointments { hospital in
            let reception = try await hospital.client(.reception, idempotencyKey: "k-1")
            let request = BookAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID, department: "Cardiology",
                slotStart: try timestamp("2026-03-03T10:00:00+05:30"))
            let answers = await outcomes(of: 64) { _ in _ = try await reception.bookAppointment(request) }
            #expect((answers["OK"] ?? 0) >= 1 && (answers["OK"] ?? 0) + (answers["IDEMPOTENCY_IN_PROGRESS"] ?? 0) == 64)
            #expect(try await hospital.eventTypes() == ["appointment.booked"])
            try await hospital.expectInvariants()
        }
    }

    /// Few patients, few doctors and few slots; everybody books, moves and cancels what he gets.
    @Test func `whatever 64 clients do at once, the invariants hold`() async throws {
        try await withAppointments { hospital in
            let patients = (0..<6).map { _ in hospital.patients.keep() }
            let doctors = (0..<4).map { _ in hospital.doctors.keep() }
            let first = try instant("2026-03-03T09:00:00+05:30")
            let answers = await outcomes(of: 64) { client in
                var random = SplitMix64(seed: UInt64(client))
                for _ in 0..<12 {
                    let start = first + .days(Int(random.next() % 2)) + .seconds(Int(random.next() % 18) * 1_800)
                    let patient = patients[Int(random.next() % 6)]
                    let doctor = doctors[Int(random.next() % 4)]
                    let other = start + .seconds(1_800)
                    do {
                        let appointment = try await hospital.book(patient, with: doctor, at: start.rfc3339)
                        if random.next() % 2 == 0 { await hospital.tryToMove(appointment, to: other) }
                        if random.next() % 3 == 0 { _ = try await hospital.cancel(appointment) }
                    } catch let refused as RPCError where refused.code == .failedPrecondition {
                        continue
                    }
                }
            }
            #expect(answers == ["OK": 64])
            try await hospital.expectInvariants()
        }
    }
}

extension AppointmentServiceUnderTest {
    /// Moves an appointment where another may stand, or there may be no slot.
    fileprivate func tryToMove(_ appointment: Appointment, to start: Instant) async {
        let refusal = await refusal { _ = try await move(appointment, to: start.rfc3339) }
        #expect(refusal == nil || refusal?.code == .failedPrecondition || refusal?.code == .outOfRange)
    }
}

/// Keeps the writer of a database busy, so that a test decides what waits for it.
private final class HeldWriter: Sendable {
    private let database: Database
    private let gate = DispatchSemaphore(value: 0)
    private let holding: Task<Void, any Error>

    init(_ database: Database) {
        self.database = database
        holding = Task.immediate { [gate] in try await database.write { _ in gate.wait() } }
    }

    /// Returns once nothing waits: the writer has taken the write that holds it.
    func isHeld() async throws { try await isAwaited(by: 0) }

    func isAwaited(by writes: Int) async throws {
        while database.counts.waitingWrites != writes { try await Task.sleep(for: .milliseconds(1)) }
    }

    func letGo() async throws {
        gate.signal()
        try await holding.value
    }
}
