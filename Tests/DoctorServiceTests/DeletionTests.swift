import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct DeletionTests {
    @Test func `a deleted doctor is inactive and stays readable`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            try await hospital.delete(doctor)
            let deleted = try await hospital.read(doctor.doctorID)
            #expect(deleted.status == .inactive && deleted.version == 2)
            #expect(try await hospital.events() == ["doctor.registered 1 Cardiology true", "doctor.deactivated 2 Cardiology false"])
        }
    }

    @Test func `only appointments to come are asked about`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            try await hospital.delete(doctor)
            // Slots that end after this instant have not begun.
            let start = ProtobufTimestamp(hospital.hospital.clock.now + Slot.length)
            #expect(hospital.appointments.held == [HoldBookingsRequest(of: .doctorID(doctor.doctorID), from: start)])
        }
    }

    @Test(arguments: [DeleteStrategy.unspecified, .refuse])
    func `active appointments refuse a deletion`(strategy: DeleteStrategy) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 1)
            await expectRefusal(.failedPrecondition, "DOCTOR_HAS_APPOINTMENTS") { try await hospital.delete(doctor, strategy) }
            #expect(try await hospital.read(doctor.doctorID) == doctor)
            #expect(hospital.appointments.cancelled.isEmpty)
        }
    }

    @Test func `with the strategy cancel they are cancelled by the clinic, and the doctor is deleted`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 3)
            try await hospital.delete(doctor, .cancel)
            #expect(hospital.appointments.cancelled.map(\.doctorID) == [doctor.doctorID])
            #expect(hospital.appointments.cancelled.map(\.from) == [ProtobufTimestamp(hospital.hospital.clock.now + Slot.length)])
            #expect(hospital.appointments.cancelled.allSatisfy { $0.to == nil && !$0.reason.isEmpty })
            #expect(try await hospital.read(doctor.doctorID).status == .inactive)
        }
    }

    @Test(arguments: [DeleteStrategy.refuse, .cancel])
    func `while the appointment service does not answer nobody is deleted`(strategy: DeleteStrategy) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(failure: .unavailable("down"))
            await expectRefusal(.unavailable, "UNAVAILABLE") { try await hospital.delete(doctor, strategy) }
            #expect(try await hospital.read(doctor.doctorID) == doctor)
        }
    }

    @Test func `deleting twice is one deletion, and nobody is asked again`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            try await hospital.delete(doctor)
            hospital.appointments.play(failure: .unavailable("down"))
            try await hospital.delete(doctor)
            try await hospital.delete(doctor, .cancel)
            #expect(try await hospital.read(doctor.doctorID).version == 2)
            #expect(try await hospital.events().count == 2)
        }
    }

    @Test func `nothing of an inactive doctor changes`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            try await hospital.delete(doctor)
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.update(doctor, DoctorChanges(name: "A")) }
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.setSchedule(of: doctor, []) }
            hospital.appointments.play(failure: .unavailable("down"))
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.enterLeave(of: doctor) }
            #expect(try await hospital.schedule(of: doctor).workingHours.count == 7)
            #expect(try await hospital.leaves(of: doctor).isEmpty)
        }
    }
}
