import Contracts
import RPC

/// Every table, whole.
extension BusyHospital {
    func askOfExports() async throws {
        let (patients, doctors) = (PatientServiceClient(try await way(to: "patient")), DoctorServiceClient(try await way(to: "doctor")))
        for try await _ in patients.exportPatients(ExportPatientsRequest()) {}
        for try await _ in doctors.exportDoctors(ExportDoctorsRequest()) {}
        for try await _ in doctors.exportLeaves(ExportLeavesRequest()) {}
        let appointments = AppointmentServiceClient(try await way(to: "appointment"))
        for try await _ in appointments.exportAppointments(ExportAppointmentsRequest()) {}
        let prescriptions = PrescriptionServiceClient(try await way(to: "prescription"))
        for try await _ in prescriptions.exportPrescriptions(ExportPrescriptionsRequest()) {}
        for try await _ in BillingServiceClient(try await way(to: "billing")).exportBills(ExportBillsRequest()) {}
        let payments = PaymentServiceClient(try await way(to: "payment"))
        for try await _ in payments.exportPayments(ExportPaymentsRequest()) {}
        for try await _ in payments.exportRefunds(ExportRefundsRequest()) {}
        let notifications = NotificationServiceClient(try await way(to: "notification"))
        for try await _ in notifications.exportNotifications(ExportNotificationsRequest()) {}
    }
}
