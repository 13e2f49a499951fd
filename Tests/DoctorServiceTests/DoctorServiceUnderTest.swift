import Contracts
import DoctorService
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A doctor service over a real database, called by an administrator through the generated client.
struct DoctorServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let appointments: PlayedAppointments
    let doctors: DoctorServiceClient

    /// A client for another caller.
    func client(_ role: CallerRole, subject: String? = nil, idempotencyKey: String? = nil) async throws -> DoctorServiceClient {
        let options = try await hospital.options(role, subject: subject, idempotencyKey: idempotencyKey)
        return DoctorServiceClient(ChannelOfCaller(service.channel, options))
    }

    func register(_ name: String = "Nadia Iyer", department: String = "Cardiology", specialization: String = "Surgery") async throws
        -> Doctor
    {
        let request = CreateDoctorRequest(name: name, department: department, specialization: specialization)
        return try #require(try await doctors.createDoctor(request).doctor)
    }

    func read(_ doctorID: String) async throws -> Doctor {
        try #require(try await doctors.getDoctor(GetDoctorRequest(doctorID: doctorID)).doctor)
    }

    func update(_ doctor: Doctor, _ changes: DoctorChanges, mask: [String]? = nil, expecting version: Int64? = nil) async throws -> Doctor {
        let request = UpdateDoctorRequest(
            doctorID: doctor.doctorID, doctor: changes, updateMask: mask.map { ProtobufFieldMask(paths: $0) }, expectedVersion: version)
        return try #require(try await doctors.updateDoctor(request).doctor)
    }

    func delete(_ doctor: Doctor, _ strategy: DeleteStrategy = .unspecified) async throws {
        _ = try await doctors.deleteDoctor(DeleteDoctorRequest(doctorID: doctor.doctorID, strategy: strategy))
    }

    func setSchedule(
        of doctor: Doctor, _ hours: [WorkingHoursMessage], _ appointments: OutsideAppointments = .unspecified
    ) async throws -> DoctorSchedule {
        let request = SetDoctorScheduleRequest(doctorID: doctor.doctorID, workingHours: hours, appointments: appointments)
        return try #require(try await doctors.setDoctorSchedule(request).schedule)
    }

    func schedule(of doctor: Doctor) async throws -> DoctorSchedule {
        try #require(try await doctors.getDoctorSchedule(GetDoctorScheduleRequest(doctorID: doctor.doctorID)).schedule)
    }

    func enterLeave(
        of doctor: Doctor, from start: String = "2026-03-10T00:00:00Z", to end: String = "2026-03-12T00:00:00Z", cancelling: Bool = false
    ) async throws -> Leave {
        let request = CreateLeaveRequest(
            doctorID: doctor.doctorID, start: try timestamp(start), end: try timestamp(end), reason: "Conference",
            cancelAppointments: cancelling)
        return try #require(try await doctors.createLeave(request).leave)
    }

    func leaves(of doctor: Doctor) async throws -> [Leave] {
        try await doctors.listLeaves(ListLeavesRequest(doctorID: doctor.doctorID)).leaves
    }

    /// The events that wait in the outbox: type, version and department of the doctor.
    func events() async throws -> [String] {
        try await service.resources.database.read { reader in
            try reader.rows("SELECT type, payload FROM hms_outbox ORDER BY sequence") { row in
                let changed = try row.blob(1).withUnsafeBytes { try DoctorChanged(protobuf: $0) }
                return "\(row.text(0)) \(changed.version) \(changed.department) \(changed.active)"
            }
        }
    }
}

/// Runs a test in a hospital of its own.
func withDoctors(_ test: (DoctorServiceUnderTest) async throws -> Void) async throws {
    let hospital = try TestHospital()
    let appointments = PlayedAppointments()
    let service = try await hospital.open(.doctor, peers: ["appointment": InProcessChannel(services: [appointments])])
    let channel = ChannelOfCaller(service.channel, try await hospital.options(.admin))
    try await test(
        DoctorServiceUnderTest(hospital: hospital, service: service, appointments: appointments, doctors: DoctorServiceClient(channel)))
    await service.close()
}

func timestamp(_ text: String) throws -> ProtobufTimestamp {
    ProtobufTimestamp(try #require(Instant(rfc3339: text)))
}
