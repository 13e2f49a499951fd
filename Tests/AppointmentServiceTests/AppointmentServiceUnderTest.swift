import AppointmentService
import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// An appointment service over a real database, called by an administrator through the generated client. It is Monday,
/// 2 March 2026, 09:00 in the clinic.
struct AppointmentServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let patients: FakePatients
    let doctors: FakeDoctors
    let appointments: AppointmentServiceClient

    var clock: ManualClock { hospital.clock }

    /// A client for another caller.
    func client(_ role: CallerRole, subject: String? = nil, idempotencyKey: String? = nil) async throws -> AppointmentServiceClient {
        let options = try await hospital.options(role, subject: subject, idempotencyKey: idempotencyKey)
        return AppointmentServiceClient(ChannelOfCaller(service.channel, options))
    }

    /// A client for another service.
    func peer() async throws -> AppointmentServiceClient {
        try await client(.service, subject: "doctor")
    }

    /// Books as the administrator: Tuesday at 10:00, where nothing else is said.
    func book(
        _ patient: Patient? = nil, with doctor: Doctor? = nil, at start: String = "2026-03-03T10:00:00+05:30", until end: String? = nil,
        department: String? = nil
    ) async throws -> Appointment {
        let patient = patient ?? patients.keep()
        let doctor = doctor ?? doctors.keep()
        let request = BookAppointmentRequest(
            patientID: patient.patientID, doctorID: doctor.doctorID, department: department ?? doctor.department,
            slotStart: try timestamp(start), slotEnd: try end.map(timestamp))
        return try #require(try await again { try await appointments.bookAppointment(request) }.appointment)
    }

    /// Asks again, as a client would, where a crowded machine took so long that the facts of a booking had aged.
    private func again<Response>(_ call: () async throws -> Response) async throws -> Response {
        while true {
            do {
                return try await call()
            } catch let error as RPCError where error.code == .unavailable && error.message.hasPrefix("The facts were too old") {}
        }
    }

    func read(_ appointment: Appointment) async throws -> Appointment {
        try #require(
            try await appointments.getAppointment(GetAppointmentRequest(appointmentID: appointment.appointmentID)).appointment)
    }

    func move(_ appointment: Appointment, to start: String, because reason: String? = nil) async throws -> Appointment {
        let request = RescheduleAppointmentRequest(
            appointmentID: appointment.appointmentID, slotStart: try timestamp(start), reason: reason)
        return try #require(try await again { try await appointments.rescheduleAppointment(request) }.appointment)
    }

    func cancel(_ appointment: Appointment, by initiator: CancelInitiator = .unspecified) async throws -> Appointment {
        let request = CancelAppointmentRequest(appointmentID: appointment.appointmentID, reason: "Travelling", initiatedBy: initiator)
        return try #require(try await appointments.cancelAppointment(request).appointment)
    }

    func checkIn(_ appointment: Appointment) async throws -> Appointment {
        let request = CheckInAppointmentRequest(appointmentID: appointment.appointmentID)
        return try #require(try await appointments.checkInAppointment(request).appointment)
    }

    func complete(_ appointment: Appointment, notes: String = "") async throws -> Appointment {
        let request = CompleteAppointmentRequest(appointmentID: appointment.appointmentID, notes: notes)
        return try #require(try await appointments.completeAppointment(request).appointment)
    }

    func markNoShow(_ appointment: Appointment) async throws -> Appointment {
        let request = MarkNoShowRequest(appointmentID: appointment.appointmentID)
        return try #require(try await appointments.markNoShow(request).appointment)
    }

    func undo(_ appointment: Appointment, because reason: String = "A mistake") async throws -> Appointment {
        let request = UndoStepRequest(appointmentID: appointment.appointmentID, reason: reason)
        return try #require(try await again { try await appointments.undoStep(request) }.appointment)
    }

    func history(of appointment: Appointment) async throws -> [AppointmentStep] {
        try await appointments.getAppointmentHistory(GetAppointmentHistoryRequest(appointmentID: appointment.appointmentID)).steps
    }

    /// Sets the clock to some milliseconds after an instant.
    func setClock(_ text: String, plus milliseconds: Int = 0) throws {
        clock.now = try instant(text) + .milliseconds(milliseconds)
    }

    /// The events that wait in the outbox.
    func events() async throws -> [(type: String, message: AppointmentChanged)] {
        try await service.resources.database.read { reader in
            try reader.rows("SELECT type, payload FROM hms_outbox ORDER BY sequence") { row in
                (row.text(0), try row.blob(1).withUnsafeBytes { try AppointmentChanged(protobuf: $0) })
            }
        }
    }

    func eventTypes() async throws -> [String] {
        try await events().map(\.type)
    }
}

/// Runs a test in a hospital of its own.
func withAppointments(
    timeZone: String = "Asia/Kolkata", at now: String? = nil, _ test: (AppointmentServiceUnderTest) async throws -> Void
) async throws {
    let hospital = try TestHospital(at: try now.map(instant) ?? TestHospital.morning) { $0.clinic.timeZone = timeZone }
    let patients = FakePatients()
    let doctors = FakeDoctors()
    let service = try await hospital.open(
        .appointment, peers: ["patient": InProcessChannel(services: [patients]), "doctor": InProcessChannel(services: [doctors])])
    let channel = ChannelOfCaller(service.channel, try await hospital.options(.admin))
    let client = AppointmentServiceClient(channel)
    try await test(
        AppointmentServiceUnderTest(hospital: hospital, service: service, patients: patients, doctors: doctors, appointments: client))
    await service.close()
}

func instant(_ text: String) throws -> Instant {
    try #require(Instant(rfc3339: text))
}

func timestamp(_ text: String) throws -> ProtobufTimestamp {
    ProtobufTimestamp(try instant(text))
}

func expectRefusal(
    _ code: StatusCode, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
) async {
    let refusal = await refusal(call)
    #expect(refusal?.code == code, sourceLocation: sourceLocation)
    #expect(refusal?.reason == reason, sourceLocation: sourceLocation)
}
