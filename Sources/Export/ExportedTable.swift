import Contracts
import ProtobufJSON
import RPC

/// A table that can be exported whole.
public enum ExportedTable: String, CaseIterable, Sendable {
    case patients, doctors, leaves, appointments, bills, prescriptions, payments, refunds, notifications

    /// The service that keeps it.
    public var service: String {
        switch self {
        case .patients: "patient"
        case .doctors, .leaves: "doctor"
        case .appointments: "appointment"
        case .bills: "billing"
        case .prescriptions: "prescription"
        case .payments, .refunds: "payment"
        case .notifications: "notification"
        }
    }

    /// Hands each row to `take`, the oldest first, after the row `id` where one is named. The service waits while `take` does.
    func rows(
        from channel: any RPCChannel, after id: String, _ options: CallOptions, _ take: (ExportedRow) throws -> Void
    ) async throws {
        switch self {
        case .patients:
            for try await row in PatientServiceClient(channel).exportPatients(ExportPatientsRequest(after: id), options) {
                try take(try ExportedRow(row.patient, \.patientID))
            }
        case .doctors:
            for try await row in DoctorServiceClient(channel).exportDoctors(ExportDoctorsRequest(after: id), options) {
                try take(try ExportedRow(row.doctor, \.doctorID))
            }
        case .leaves:
            for try await row in DoctorServiceClient(channel).exportLeaves(ExportLeavesRequest(after: id), options) {
                try take(try ExportedRow(row.leave, \.leaveID))
            }
        case .appointments:
            for try await row in AppointmentServiceClient(channel).exportAppointments(ExportAppointmentsRequest(after: id), options) {
                try take(try ExportedRow(row.appointment, \.appointmentID))
            }
        case .bills:
            for try await row in BillingServiceClient(channel).exportBills(ExportBillsRequest(after: id), options) {
                try take(try ExportedRow(row.bill, \.billID))
            }
        case .prescriptions:
            for try await row in PrescriptionServiceClient(channel).exportPrescriptions(ExportPrescriptionsRequest(after: id), options) {
                try take(try ExportedRow(row.prescription, \.prescriptionID))
            }
        case .payments:
            for try await row in PaymentServiceClient(channel).exportPayments(ExportPaymentsRequest(after: id), options) {
                try take(try ExportedRow(row.payment, \.paymentID))
            }
        case .refunds:
            for try await row in PaymentServiceClient(channel).exportRefunds(ExportRefundsRequest(after: id), options) {
                try take(try ExportedRow(row.refund, \.refundID))
            }
        case .notifications:
            for try await row in NotificationServiceClient(channel).exportNotifications(ExportNotificationsRequest(after: id), options) {
                try take(try ExportedRow(row.notification, \.notificationID))
            }
        }
    }
}

/// A row as it is written.
struct ExportedRow {
    let id: String
    /// The record as the public API has it, in one line.
    let json: [UInt8]

    /// - Throws: where the service has sent no record.
    init<Record: JSONMessage>(_ record: Record?, _ id: KeyPath<Record, String>) throws {
        guard let record else { throw RPCError(.internal, "INTERNAL", "a row without a record came") }
        self.id = record[keyPath: id]
        json = try record.json()
    }
}
