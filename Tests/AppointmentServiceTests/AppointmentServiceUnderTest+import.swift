import Contracts
import FieldChecks
import HMSTestKit
import Vocabulary

extension AppointmentServiceUnderTest {
    /// Imports an appointment: of 3 February at 10:00, where nothing else is said.
    @discardableResult
    func take(
        over status: AppointmentStatus, _ patient: Patient? = nil, _ doctor: Doctor? = nil, at start: String = "2026-02-03T10:00:00+05:30",
        until end: String? = nil, _ change: (inout ImportAppointmentRequest) -> Void = { _ in }
    ) async throws -> ImportAppointmentResponse {
        var request = ImportAppointmentRequest(
            patientID: (patient ?? patients.keep()).patientID, doctorID: (doctor ?? doctors.keep()).doctorID,
            slotStart: try timestamp(start), slotEnd: try end.map(timestamp), status: status)
        change(&request)
        return try await appointments.importAppointment(request)
    }

    func all() async throws -> [Appointment] {
        try await appointments.listAppointments(ListAppointmentsRequest(pageSize: 500)).appointments
    }
}

extension ImportAppointmentRequest {
    /// Says what the old desk calls it.
    mutating func name(_ sourceID: String, source: String = "old-desk") {
        self.source = source
        self.sourceID = sourceID
    }
}
