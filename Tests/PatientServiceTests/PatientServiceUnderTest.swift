import Contracts
import HMSTestKit
import PatientService
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A patient service over a real database, called by reception through the generated client.
struct PatientServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let peers: PlayedPeers
    let patients: PatientServiceClient

    var clock: ManualClock { hospital.clock }

    func register(
        _ name: String, dob: String, email: String? = nil, phone: String? = nil, allowDuplicate: Bool = false
    ) async throws -> Patient {
        let request = CreatePatientRequest(name: name, email: email, phone: phone, dob: dob, allowDuplicate: allowDuplicate)
        return try #require(try await patients.createPatient(request).patient)
    }

    func read(_ patientID: String) async throws -> Patient {
        try #require(try await patients.getPatient(GetPatientRequest(patientID: patientID)).patient)
    }

    func list() async throws -> [Patient] {
        try await patients.listPatients(ListPatientsRequest(pageSize: 500)).patients
    }

    func update(_ patient: Patient, _ changes: PatientChanges, mask: [String]? = nil, expecting version: Int64? = nil) async throws
        -> Patient
    {
        let request = UpdatePatientRequest(
            patientID: patient.patientID, patient: changes, updateMask: mask.map { ProtobufFieldMask(paths: $0) }, expectedVersion: version)
        return try #require(try await patients.updatePatient(request).patient)
    }

    func delete(_ patient: Patient) async throws {
        _ = try await patients.deletePatient(DeletePatientRequest(patientID: patient.patientID))
    }

    /// The events that wait in the outbox: type and version of the patient.
    func events() async throws -> [String] {
        try await service.resources.database.read { reader in
            try reader.rows("SELECT type, payload FROM hms_outbox ORDER BY sequence") { row in
                "\(row.text(0)) \(try row.blob(1).withUnsafeBytes { try PatientChanged(protobuf: $0) }.version)"
            }
        }
    }
}

/// Runs a test in a hospital of its own.
func withPatients(in region: PhoneRegion = .india, _ test: (PatientServiceUnderTest) async throws -> Void) async throws {
    try await withPatients(of: try TestHospital { $0.clinic.phoneRegion = region }, test)
}

func withPatients(of hospital: TestHospital, _ test: (PatientServiceUnderTest) async throws -> Void) async throws {
    let peers = PlayedPeers()
    let service = try await hospital.open(
        .patient,
        peers: [
            "appointment": InProcessChannel(services: [PlayedAppointments(peers: peers)]),
            "billing": InProcessChannel(services: [PlayedBilling(peers: peers)]),
        ])
    let channel = ChannelOfCaller(service.channel, try await hospital.options(.reception))
    try await test(PatientServiceUnderTest(hospital: hospital, service: service, peers: peers, patients: PatientServiceClient(channel)))
    await service.close()
}
