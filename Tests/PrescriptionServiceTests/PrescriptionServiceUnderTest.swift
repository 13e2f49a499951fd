import Contracts
import HMSTestKit
import PrescriptionService
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A prescription service over a real database, called by the doctor whose appointment it is.
struct PrescriptionServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let peers: PlayedPeers
    let doctor: PrescriptionServiceClient

    static let appointmentID = "apt_01jq0000000000000000000000"
    static let patientID = "pat_01jq0000000000000000000000"
    static let doctorID = "doc_01jq0000000000000000000000"
    static let slotStart = TestHospital.morning - .seconds(1_800)

    /// A client for another caller.
    func client(_ role: CallerRole, subject: String? = nil, idempotencyKey: String? = nil) async throws -> PrescriptionServiceClient {
        let options = try await hospital.options(role, subject: subject, idempotencyKey: idempotencyKey)
        return PrescriptionServiceClient(ChannelOfCaller(service.channel, options))
    }

    func request(_ medication: String = "Amoxicillin 500 mg", overrideReason: String? = nil) -> IssuePrescriptionRequest {
        IssuePrescriptionRequest(
            appointmentID: Self.appointmentID, medication: medication, dosage: "One, three times a day", days: 7,
            overrideReason: overrideReason)
    }

    func issue(_ medication: String = "Amoxicillin 500 mg", overrideReason: String? = nil) async throws -> Prescription {
        let request = request(medication, overrideReason: overrideReason)
        return try #require(try await doctor.issuePrescription(request).prescription)
    }

    func read(_ prescriptionID: String) async throws -> Prescription {
        try #require(try await doctor.getPrescription(GetPrescriptionRequest(prescriptionID: prescriptionID)).prescription)
    }

    func all() async throws -> [Prescription] {
        try await client(.reception).listPrescriptions(ListPrescriptionsRequest(pageSize: 500)).prescriptions
    }

    /// The events that wait in the outbox: type, then what they tell.
    func events() async throws -> [PrescriptionIssued] {
        try await service.resources.database.read { reader in
            try reader.rows("SELECT payload FROM hms_outbox WHERE type = 'prescription.issued' ORDER BY sequence") { row in
                try row.blob(0).withUnsafeBytes { try PrescriptionIssued(protobuf: $0) }
            }
        }
    }
}

/// Runs a test in a hospital of its own, with one appointment in `status` of a patient with these allergies.
func withPrescriptions(
    _ status: AppointmentStatus = .checkedIn, allergies: [String] = [], imported: Bool = false,
    _ test: (PrescriptionServiceUnderTest) async throws -> Void
) async throws {
    let hospital = try TestHospital()
    let peers = PlayedPeers()
    peers.play { script in
        script.appointments[PrescriptionServiceUnderTest.appointmentID] = Appointment(
            appointmentID: PrescriptionServiceUnderTest.appointmentID, patientID: PrescriptionServiceUnderTest.patientID,
            doctorID: PrescriptionServiceUnderTest.doctorID, slotStart: ProtobufTimestamp(PrescriptionServiceUnderTest.slotStart),
            status: status,
            imported: imported)
        script.patients[PrescriptionServiceUnderTest.patientID] = Patient(
            patientID: PrescriptionServiceUnderTest.patientID, allergies: allergies)
    }
    let service = try await hospital.open(
        .prescription,
        peers: [
            "appointment": InProcessChannel(services: [PlayedAppointments(peers: peers)]),
            "patient": InProcessChannel(services: [PlayedPatients(peers: peers)]),
        ])
    let options = try await hospital.options(.doctor, subject: PrescriptionServiceUnderTest.doctorID)
    let doctor = PrescriptionServiceClient(ChannelOfCaller(service.channel, options))
    try await test(PrescriptionServiceUnderTest(hospital: hospital, service: service, peers: peers, doctor: doctor))
    await service.close()
}
