import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing

/// Whom a doctor may read, and what is kept of it where he breaks the glass.
@Suite(.timeLimit(.minutes(10))) struct EmergencyAccessTests {
    private static let doctorID = "doc_01hv0000000000000000000001"

    /// The service as a doctor calls it.
    private func patients(
        of hospital: PatientServiceUnderTest, as doctorID: String = doctorID, because reason: String? = nil
    ) async throws -> PatientServiceClient {
        var options = try await hospital.hospital.options(.doctor, subject: doctorID)
        options.metadata[MetadataName.accessReason] = reason
        return PatientServiceClient(ChannelOfCaller(hospital.service.channel, options))
    }

    private func entries(of hospital: PatientServiceUnderTest) async throws -> [AuditEntry] {
        try await hospital.service.resources.database.read { reader in
            var all: [AuditEntry] = []
            try reader.forEachAuditEntry { _, entry in
                all.append(entry)
                return true
            }
            return all
        }
    }

    @Test func `a doctor reads whom he treats without a word, and it is asked once a minute`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            hospital.peers.play { $0.treated = [patient.patientID] }
            let doctor = try await patients(of: hospital)
            for _ in 0..<3 { #expect(try await doctor.getPatient(.init(patientID: patient.patientID)).patient == patient) }
            #expect(try await doctor.listPatients(.init(query: "Asha")).patients == [patient])
            #expect(hospital.peers.questions == ["treated \(Self.doctorID)"])
            #expect(try await entries(of: hospital).isEmpty)
        }
    }

    @Test func `another's patient he reads with a reason, which is kept though nothing else is`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            await expectRefusal(.permissionDenied, "ACCESS_REASON_REQUIRED") {
                _ = try await patients(of: hospital).getPatient(.init(patientID: patient.patientID))
            }
            let doctor = try await patients(of: hospital, because: "Brought in unconscious")
            #expect(try await doctor.getPatient(.init(patientID: patient.patientID)).patient == patient)
            let kept = try await entries(of: hospital)
            #expect(kept.map(\.result) == ["EMERGENCY_ACCESS"] && kept.map(\.reason) == ["Brought in unconscious"])
            #expect(kept.map(\.actor) == [Self.doctorID] && kept.map(\.patients) == [[patient.patientID]])
        }
    }

    @Test func `where the audit can't be written another's patient is not read, whatever is said`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            let database = hospital.service.resources.database
            try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
            let doctor = try await patients(of: hospital, because: "Brought in unconscious")
            await expectRefusal(.internal, "INTERNAL") { _ = try await doctor.getPatient(.init(patientID: patient.patientID)) }
            try await database.write { try $0.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit") }
            #expect(try await doctor.getPatient(.init(patientID: patient.patientID)).patient == patient)
            #expect(try await entries(of: hospital).map(\.result) == ["EMERGENCY_ACCESS"])
        }
    }

    @Test func `emergency access is on the disk before its answer, though reads wait for one another`() async throws {
        try await withPatients(of: try TestHospital { ($0.audit, $0.auditOfReads) = (.all, .buffered) }) { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            _ = try await hospital.patients.getPatient(.init(patientID: patient.patientID))
            #expect(try await entries(of: hospital).filter { $0.kind == .read }.isEmpty)
            let doctor = try await patients(of: hospital, because: "Brought in unconscious")
            _ = try await doctor.getPatient(.init(patientID: patient.patientID))
            #expect(try await entries(of: hospital).filter { $0.kind == .read }.map(\.result) == ["EMERGENCY_ACCESS"])
        }
    }

    @Test func `a search that finds others too is not answered without a reason, and names all whom it has shown`() async throws {
        try await withPatients { hospital in
            let his = try await hospital.register("Asha Rao", dob: "1990-01-01")
            let other = try await hospital.register("Asha Iyer", dob: "1991-01-01")
            hospital.peers.play { $0.treated = [his.patientID] }
            let silent = try await patients(of: hospital)
            #expect(try await silent.listPatients(.init(query: "Rao")).patients == [his])
            #expect(try await silent.listPatients(.init(query: "Nobody")).patients == [])
            await expectRefusal(.permissionDenied, "ACCESS_REASON_REQUIRED") { _ = try await silent.listPatients(.init(query: "Asha")) }
            let telling = try await patients(of: hospital, because: "Who of the two?")
            #expect(try await telling.listPatients(.init(query: "Asha")).patients == [other, his])
            #expect(try await entries(of: hospital).map(\.patients) == [[other.patientID, his.patientID]])
        }
    }

    @Test(arguments: [RPCError.unavailable("down"), .unimplemented("ListTreatedPatients"), .internal])
    func `where nobody can tell whom he treats he says why, and is answered`(failure: RPCError) async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            hospital.peers.play { $0.failures = ["treated": failure] }
            await expectRefusal(.permissionDenied, "ACCESS_REASON_REQUIRED") {
                _ = try await patients(of: hospital).getPatient(.init(patientID: patient.patientID))
            }
            let doctor = try await patients(of: hospital, because: "Brought in unconscious")
            #expect(try await doctor.getPatient(.init(patientID: patient.patientID)).patient == patient)
        }
    }

    @Test func `whose token names no doctor treats nobody, and a record that is not there is not asked for`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1990-01-01")
            hospital.peers.play { $0.treated = [patient.patientID] }
            let stranger = try await patients(of: hospital, as: "somebody")
            await expectRefusal(.permissionDenied, "ACCESS_REASON_REQUIRED") {
                _ = try await stranger.getPatient(.init(patientID: patient.patientID))
            }
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") {
                _ = try await stranger.getPatient(.init(patientID: "pat_01hv0000000000000000000009"))
            }
            #expect(hospital.peers.questions.isEmpty)
        }
    }
}
