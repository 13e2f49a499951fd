import Contracts
import HMSTestKit
import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct DeletionTests {
    @Test func `a deleted patient is inactive and stays readable`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            try await hospital.delete(patient)
            let deleted = try await hospital.read(patient.patientID)
            #expect(deleted.status == .inactive)
            #expect(deleted.version == 2)
            #expect(deleted.name == "Asha Rao")
            #expect(try await hospital.events() == ["patient.registered 1", "patient.deactivated 2"])
        }
    }

    @Test func `bookings are held before billing is asked for the last time, all with the service's own token`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            try await hospital.delete(patient)
            let questions = ["billing", "held appointment", "held billing"].map { "\($0) \(patient.patientID)" }
            #expect(hospital.peers.questions == questions)
            #expect(!hospital.peers.tokens.isEmpty)
            #expect(hospital.peers.tokens.allSatisfy { $0?.isEmpty == false })
        }
    }

    @Test(
        arguments: [(1, 0, "PATIENT_HAS_APPOINTMENTS"), (0, 1, "PATIENT_HAS_OPEN_BILLS"), (2, 3, "PATIENT_HAS_APPOINTMENTS")]
            as [(Int32, Int32, String)])
    func `active appointments and open bills refuse a deletion`(appointments: Int32, bills: Int32, reason: String) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { script in
                script.activeAppointments = appointments
                script.openBills = bills
            }
            await expectRefusal(.failedPrecondition, reason) { try await hospital.delete(patient) }
            #expect(try await hospital.read(patient.patientID) == patient)
        }
    }

    @Test func `a bill that was made while bookings were being held refuses a deletion`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { $0.openBillsAtLast = 1 }
            await expectRefusal(.failedPrecondition, "PATIENT_HAS_OPEN_BILLS") { try await hospital.delete(patient) }
            #expect(try await hospital.read(patient.patientID) == patient)
        }
    }

    @Test func `while billing has not heard of every visit nobody is deleted, and the caller may come again`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { $0.awaitingBills = 1 }
            let refused = await refusal { try await hospital.delete(patient) }
            #expect(refused?.code == .unavailable && refused?.retryAfter == .seconds(1))
            #expect(hospital.peers.questions.count == 2)
            #expect(try await hospital.read(patient.patientID) == patient)
            hospital.peers.play { $0.awaitingBills = 0 }
            try await hospital.delete(patient)
        }
    }

    @Test func `where open bills refuse the deletion no booking is held`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { $0.openBills = 1 }
            await expectRefusal(.failedPrecondition, "PATIENT_HAS_OPEN_BILLS") { try await hospital.delete(patient) }
            #expect(hospital.peers.questions == ["billing \(patient.patientID)", "appointment \(patient.patientID)"])
        }
    }

    @Test(
        arguments: ["appointment", "billing"],
        [RPCError.unavailable("down"), .deadlineExceeded, .overloaded("busy", retryAfter: .seconds(1))])
    func `while one of them does not answer nothing is deleted`(service: String, failure: RPCError) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { $0.failures[service] = failure }
            await expectRefusal(.unavailable, "UNAVAILABLE") { try await hospital.delete(patient) }
            #expect(try await hospital.read(patient.patientID) == patient)
            hospital.peers.play { $0.failures = [:] }
            try await hospital.delete(patient)
            #expect(try await hospital.read(patient.patientID).status == .inactive)
        }
    }

    @Test func `what another service refuses is not the caller's fault`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            hospital.peers.play { $0.failures["billing"] = RPCError(.permissionDenied, "PERMISSION_DENIED", "no") }
            await expectRefusal(.internal, "INTERNAL") { try await hospital.delete(patient) }
            #expect(try await hospital.read(patient.patientID) == patient)
        }
    }

    @Test func `deleting twice is one deletion, and nobody is asked again`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29")
            try await hospital.delete(patient)
            hospital.peers.play { script in
                script.activeAppointments = 1
                script.failures["billing"] = .unavailable("down")
            }
            try await hospital.delete(patient)
            #expect(hospital.peers.questions.count == 3)
            #expect(try await hospital.read(patient.patientID).version == 2)
            #expect(try await hospital.events().count == 2)
        }
    }

    @Test func `a patient who does not exist can't be deleted`() async throws {
        try await withPatients { hospital in
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") {
                _ = try await hospital.patients.deletePatient(DeletePatientRequest(patientID: "pat_01jq0000000000000000000000"))
            }
            #expect(hospital.peers.questions.isEmpty)
        }
    }
}
