import AppointmentService
import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Replicas of one service whose clocks do not agree.
@Suite(.timeLimit(.minutes(5))) struct ReplicaClockTests {
    @Test(.enabled(if: !TestHospital.isOnSQLite, "a file has one process"), arguments: [-300, 300])
    func `replicas whose clocks differ by minutes book no slot twice, and heed each other's holds`(seconds: Int) async throws {
        try await withAppointments { hospital in
            let clock = hospital.clock
            let replica = try await hospital.hospital.open(
                .appointment,
                peers: [
                    "patient": InProcessChannel(services: [hospital.patients]), "doctor": InProcessChannel(services: [hospital.doctors]),
                ], clock: HospitalClock { clock.now + .seconds(seconds) })
            let other = AppointmentServiceClient(ChannelOfCaller(replica.channel, try await hospital.hospital.options(.admin)))
            let peer = AppointmentServiceClient(
                ChannelOfCaller(replica.channel, try await hospital.hospital.options(.service, subject: "doctor")))

            let doctor = hospital.doctors.keep()
            let slot = try timestamp("2026-03-03T10:00:00+05:30")
            let requests = (0..<8).map { _ in
                BookAppointmentRequest(
                    patientID: hospital.patients.keep().patientID, doctorID: doctor.doctorID, department: doctor.department, slotStart: slot
                )
            }
            let booked = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (index, request) in requests.enumerated() {
                    let client = index.isMultiple(of: 2) ? hospital.appointments : other
                    group.addTask { try await isBooked(request, by: client) }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(booked == 1)

            let (held, free) = (hospital.doctors.keep(), hospital.doctors.keep())
            _ = try await peer.holdBookings(HoldBookingsRequest(of: .doctorID(held.doctorID)))
            _ = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .doctorID(free.doctorID)))
            for (client, doctor) in [(hospital.appointments, held), (other, held), (hospital.appointments, free), (other, free)] {
                await expectRefusal(.unavailable, "UNAVAILABLE") {
                    _ = try await client.bookAppointment(
                        BookAppointmentRequest(
                            patientID: hospital.patients.keep().patientID, doctorID: doctor.doctorID, department: doctor.department,
                            slotStart: slot))
                }
            }
            try await hospital.expectInvariants()
            await replica.close()
        }
    }

    @Test func `a hold ends when the database's clock says so, whatever that of the process shows`() async throws {
        try await withAppointments { hospital in
            try await hospital.moveDatabaseClock(by: .zero)
            let doctor = hospital.doctors.keep()
            _ = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .doctorID(doctor.doctorID)))
            try await hospital.moveDatabaseClock(by: BookingHold.length - .milliseconds(1))
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(with: doctor) }
            try await hospital.moveDatabaseClock(by: .milliseconds(1))
            _ = try await hospital.book(with: doctor)
            // A hold that is made now lasts by the same clock.
            let another = hospital.doctors.keep()
            _ = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .doctorID(another.doctorID)))
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(with: another) }
        }
    }

    private func isBooked(_ request: BookAppointmentRequest, by client: AppointmentServiceClient) async throws -> Bool {
        while true {
            do {
                _ = try await client.bookAppointment(request)
                return true
            } catch let error as RPCError {
                if error.reason == "DOCTOR_SLOT_TAKEN" { return false }
                // Whatever else happens to a crowd passes.
                guard [.unavailable, .resourceExhausted].contains(error.code) else { throw error }
            }
        }
    }
}

extension AppointmentServiceUnderTest {
    /// Stops the clock that all replicas have in common at a later time.
    fileprivate func moveDatabaseClock(by duration: Duration) async throws {
        try await service.resources.database.write { transaction in
            let now = try transaction.realTime()
            try transaction.execute("DROP VIEW hms_clock")
            try transaction.execute("CREATE VIEW hms_clock AS SELECT \(now + duration.wholeMilliseconds) AS milliseconds")
        }
    }
}
