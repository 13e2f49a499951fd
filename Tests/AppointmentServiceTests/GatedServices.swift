import AppointmentService
import BillingService
import Contracts
import DoctorService
import FieldChecks
import HMSTestKit
import PatientService
import RPC
import ServiceKit
import Testing
import Vocabulary

/// The patient, doctor, appointment and billing service, each asking the others over channels with gates. The appointment
/// service tells billing of visits by its relay.
struct GatedServices: Sendable {
    let hospital: TestHospital
    let patients: PatientServiceClient
    let doctors: DoctorServiceClient
    let appointments: AppointmentServiceClient
    let bills: BillingServiceClient
    /// From a service to another: `patient appointment`.
    let ways: [String: GatedChannel]

    struct Pair: Sendable {
        let patientID: String
        let doctorID: String
    }

    func way(_ from: String, to: String) throws -> GatedChannel {
        try #require(ways["\(from) \(to)"])
    }

    func register() async throws -> Pair {
        let patient = CreatePatientRequest(name: "Asha Rao", dob: "1980-02-29", allowDuplicate: true)
        let doctor = CreateDoctorRequest(name: "Nadia Iyer", department: "Cardiology", specialization: "Surgery")
        return Pair(
            patientID: try await patients.createPatient(patient).patient?.patientID ?? "",
            doctorID: try await doctors.createDoctor(doctor).doctor?.doctorID ?? "")
    }

    /// Tuesday at 09:00, where nothing else is said.
    func book(_ pair: Pair, at start: Instant = TestHospital.morning + .days(1)) async -> String {
        await outcome {
            _ = try await appointments.bookAppointment(
                BookAppointmentRequest(
                    patientID: pair.patientID, doctorID: pair.doctorID, department: "Cardiology", slotStart: ProtobufTimestamp(start)))
        }
    }

    func list(_ pair: Pair) async throws -> [Appointment] {
        try await appointments.listAppointments(ListAppointmentsRequest(doctorID: pair.doctorID)).appointments
    }

    func activeAppointments(of pair: Pair) async throws -> Int {
        try await list(pair).count { $0.status == .scheduled || $0.status == .checkedIn }
    }

    func isActive(_ pair: Pair) async throws -> Bool {
        try await patients.getPatient(GetPatientRequest(patientID: pair.patientID)).patient?.status == .active
    }

    func deletePatient(_ pair: Pair) async -> String {
        await outcome { _ = try await patients.deletePatient(DeletePatientRequest(patientID: pair.patientID)) }
    }
}

extension GatedServices {
    func leave(_ departure: Departure, _ pair: Pair) async -> String {
        switch departure {
        case .patient: await deletePatient(pair)
        case .doctor: await deleteDoctor(pair, .refuse)
        case .doctorCancelling: await deleteDoctor(pair, .cancel)
        case .leave: await enterLeave(pair, cancelling: false)
        case .leaveCancelling: await enterLeave(pair, cancelling: true)
        case .hours: await endWork(pair, .unspecified)
        case .hoursCancelling: await endWork(pair, .cancel)
        }
    }

    private func deleteDoctor(_ pair: Pair, _ strategy: DeleteStrategy) async -> String {
        await outcome { _ = try await doctors.deleteDoctor(DeleteDoctorRequest(doctorID: pair.doctorID, strategy: strategy)) }
    }

    /// He works on no day from now on.
    private func endWork(_ pair: Pair, _ outside: OutsideAppointments) async -> String {
        await outcome {
            _ = try await doctors.setDoctorSchedule(SetDoctorScheduleRequest(doctorID: pair.doctorID, appointments: outside))
        }
    }

    private func enterLeave(_ pair: Pair, cancelling: Bool) async -> String {
        await outcome {
            _ = try await doctors.createLeave(
                CreateLeaveRequest(
                    doctorID: pair.doctorID, start: ProtobufTimestamp(TestHospital.morning),
                    end: ProtobufTimestamp(TestHospital.morning + .days(30)), reason: "Conference", cancelAppointments: cancelling))
        }
    }

    /// By which the service of who leaves asks the appointment service.
    func wayToAppointments(of departure: Departure) throws -> GatedChannel {
        try way(departure == .patient ? "patient" : "doctor", to: "appointment")
    }

    /// By which the appointment service asks for who leaves.
    func wayToPeople(of departure: Departure) throws -> GatedChannel {
        try way("appointment", to: departure == .patient ? "patient" : "doctor")
    }
}

/// Runs a test in a hospital of its own.
func withGatedHospital(_ test: (GatedServices) async throws -> Void) async throws {
    let hospital = try TestHospital()
    let names = ["patient", "doctor", "appointment", "billing"]
    let doors = Dictionary(uniqueKeysWithValues: names.map { ($0, LateChannel()) })
    var ways: [String: GatedChannel] = [:]
    func peers(of service: String) -> [String: any RPCChannel] {
        doors.mapValues { GatedChannel($0) }.reduce(into: [:]) { peers, peer in
            ways["\(service) \(peer.key)"] = peer.value
            peers[peer.key] = peer.value
        }
    }
    let patient = try await hospital.open(.patient, peers: peers(of: "patient"))
    let doctor = try await hospital.open(.doctor, peers: peers(of: "doctor"))
    let billing = try await hospital.open(.billing, peers: peers(of: "billing"))
    let host = try await hospital.start(.appointment, peers: peers(of: "appointment"))
    let channels = [patient.channel, doctor.channel, host.assembly.channel, billing.channel]
    for (name, channel) in zip(names, channels) { doors[name]?.lead(to: channel) }
    let options = try await hospital.options(.admin)
    try await test(
        GatedServices(
            hospital: hospital, patients: PatientServiceClient(ChannelOfCaller(patient.channel, options)),
            doctors: DoctorServiceClient(ChannelOfCaller(doctor.channel, options)),
            appointments: AppointmentServiceClient(ChannelOfCaller(host.assembly.channel, options)),
            bills: BillingServiceClient(ChannelOfCaller(billing.channel, options)), ways: ways))
    await host.stop()
    for service in [billing, doctor, patient] { await service.close() }
}
