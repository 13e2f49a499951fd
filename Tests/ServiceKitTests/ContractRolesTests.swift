import Contracts
import HMSTestKit
import NIOCore
import RPC
import Testing

@testable import ServiceKit

/// Who may call what, read from the public API's table of endpoints: the oracle for the contracts' roles. A method that
/// is not listed here fails, so nobody adds one without saying who may call it.
@Suite(.timeLimit(.minutes(10))) struct ContractRolesTests {
    private static let everybody: Set<CallerRole> = Set(CallerRole.allCases)

    private static let allowed: [String: Set<CallerRole>] = [
        "hms.patient.v1.PatientService/CreatePatient": [.reception, .admin],
        "hms.patient.v1.PatientService/GetPatient": [.reception, .doctor, .billing, .admin, .service],
        "hms.patient.v1.PatientService/ListPatients": [.reception, .doctor, .billing, .admin],
        "hms.patient.v1.PatientService/UpdatePatient": [.reception, .admin],
        "hms.patient.v1.PatientService/DeletePatient": [.reception, .admin],
        "hms.patient.v1.PatientService/ForgetPatient": [.admin],
        "hms.patient.v1.PatientService/ImportPatient": [.admin],
        "hms.patient.v1.PatientService/ImportAllergy": [.admin],
        "hms.patient.v1.PatientService/ExportPatients": [.admin],
        "hms.doctor.v1.DoctorService/CreateDoctor": [.admin],
        "hms.doctor.v1.DoctorService/GetDoctor": [.reception, .doctor, .billing, .admin, .service],
        "hms.doctor.v1.DoctorService/ListDoctors": [.reception, .doctor, .billing, .admin, .service],
        "hms.doctor.v1.DoctorService/UpdateDoctor": [.admin],
        "hms.doctor.v1.DoctorService/DeleteDoctor": [.admin],
        "hms.doctor.v1.DoctorService/ImportDoctor": [.admin],
        "hms.doctor.v1.DoctorService/GetDoctorDepartment": [.reception, .doctor, .billing, .admin, .service],
        "hms.doctor.v1.DoctorService/SetDoctorSchedule": [.reception, .doctor, .admin],
        "hms.doctor.v1.DoctorService/GetDoctorSchedule": [.reception, .doctor, .admin, .service],
        "hms.doctor.v1.DoctorService/CreateLeave": [.reception, .doctor, .admin],
        "hms.doctor.v1.DoctorService/ListLeaves": [.reception, .doctor, .admin, .service],
        "hms.doctor.v1.DoctorService/DeleteLeave": [.reception, .doctor, .admin],
        "hms.doctor.v1.DoctorService/ListAvailability": [.service],
        "hms.doctor.v1.DoctorService/ExportDoctors": [.admin],
        "hms.doctor.v1.DoctorService/ExportLeaves": [.admin],
        "hms.appointment.v1.AppointmentService/GetClinic": [.reception, .doctor, .billing, .admin],
        "hms.appointment.v1.AppointmentService/ListSlots": [.reception, .doctor, .admin],
        "hms.appointment.v1.AppointmentService/BookAppointment": [.reception, .admin],
        "hms.appointment.v1.AppointmentService/GetAppointment": [.reception, .billing, .doctor, .admin, .service],
        "hms.appointment.v1.AppointmentService/ListAppointments": [.reception, .billing, .doctor, .admin],
        "hms.appointment.v1.AppointmentService/RescheduleAppointment": [.reception, .admin],
        "hms.appointment.v1.AppointmentService/CancelAppointment": [.reception, .doctor, .admin],
        "hms.appointment.v1.AppointmentService/CheckInAppointment": [.reception, .admin],
        "hms.appointment.v1.AppointmentService/CompleteAppointment": [.doctor, .admin],
        "hms.appointment.v1.AppointmentService/MarkNoShow": [.reception, .doctor, .admin],
        "hms.appointment.v1.AppointmentService/UndoStep": [.reception, .admin],
        "hms.appointment.v1.AppointmentService/GetAppointmentHistory": [.reception, .doctor, .admin],
        "hms.appointment.v1.AppointmentService/ReportAppointments": [.reception, .billing, .admin],
        "hms.appointment.v1.AppointmentService/ImportAppointment": [.admin],
        "hms.appointment.v1.AppointmentService/ListTreatedPatients": [.service],
        "hms.appointment.v1.AppointmentService/CountActiveAppointments": [.service],
        "hms.appointment.v1.AppointmentService/HoldBookings": [.service],
        "hms.appointment.v1.AppointmentService/CancelDoctorAppointments": [.service],
        "hms.appointment.v1.AppointmentService/ExportAppointments": [.admin],
        "hms.billing.v1.BillingService/CreateBill": [.billing, .admin],
        "hms.billing.v1.BillingService/GetBill": [.reception, .billing, .admin, .service],
        "hms.billing.v1.BillingService/ListBills": [.reception, .billing, .admin],
        "hms.billing.v1.BillingService/VoidBill": [.billing, .admin],
        "hms.billing.v1.BillingService/ReportRevenue": [.billing, .admin],
        "hms.billing.v1.BillingService/ImportBill": [.admin],
        "hms.billing.v1.BillingService/CountOpenBills": [.service],
        "hms.billing.v1.BillingService/HoldBills": [.service],
        "hms.billing.v1.BillingService/ReserveBill": [.service],
        "hms.billing.v1.BillingService/SettleBill": [.service],
        "hms.billing.v1.BillingService/ReleaseBill": [.service],
        "hms.billing.v1.BillingService/ExportBills": [.admin],
        "hms.payment.v1.PaymentService/CreatePayment": [.billing, .reception, .admin],
        "hms.payment.v1.PaymentService/GetPayment": [.reception, .billing, .admin, .service],
        "hms.payment.v1.PaymentService/ListPayments": [.reception, .billing, .admin],
        "hms.payment.v1.PaymentService/ImportPayment": [.admin],
        "hms.payment.v1.PaymentService/CreateRefund": [.billing, .admin],
        "hms.payment.v1.PaymentService/ListRefunds": [.reception, .billing, .admin],
        "hms.payment.v1.PaymentService/ExportPayments": [.admin],
        "hms.payment.v1.PaymentService/ExportRefunds": [.admin],
        "hms.prescription.v1.PrescriptionService/IssuePrescription": [.doctor, .admin],
        "hms.prescription.v1.PrescriptionService/GetPrescription": [.doctor, .reception, .admin],
        "hms.prescription.v1.PrescriptionService/ListPrescriptions": [.doctor, .reception, .admin],
        "hms.prescription.v1.PrescriptionService/CancelPrescription": [.doctor, .admin],
        "hms.prescription.v1.PrescriptionService/ImportPrescription": [.admin],
        "hms.prescription.v1.PrescriptionService/ExportPrescriptions": [.admin],
        "hms.notification.v1.NotificationService/SendNotification": [.reception, .admin],
        "hms.notification.v1.NotificationService/GetNotification": [.reception, .admin],
        "hms.notification.v1.NotificationService/ListNotifications": [.reception, .admin],
        "hms.notification.v1.NotificationService/RetryNotification": [.admin],
        "hms.notification.v1.NotificationService/ExportNotifications": [.admin],
        "hms.notification.v1.NotificationService/CreateWebhook": [.admin],
        "hms.notification.v1.NotificationService/GetWebhook": [.admin],
        "hms.notification.v1.NotificationService/ListWebhooks": [.admin],
        "hms.notification.v1.NotificationService/DeleteWebhook": [.admin],
        "hms.notification.v1.NotificationService/ListWebhookDeliveries": [.admin],
        "hms.notification.v1.NotificationService/ReplayWebhookDelivery": [.admin],
        "hms.notification.v1.NotificationService/ReplayWebhook": [.admin],
        "hms.notification.v1.NotificationService/ListEvents": [.admin],
        "hms.event.v1.EventService/DeliverEvents": [.service],
        "hms.event.v1.EventService/FindMissingEvents": [.service],
        "hms.event.v1.EventService/ForgetEvents": [.service],
        "hms.rpc.v1.DeadLetterService/ListDeadLetters": [.admin],
        "hms.rpc.v1.DeadLetterService/ReviveDeadLetters": [.admin],
        "hms.audit.v1.AuditService/ListAuditedCalls": [.admin],
        "hms.audit.v1.AuditService/KeepAuditHead": [.service],
        "hms.rpc.v1.BackupService/BackUp": [.admin, .service],
        "hms.rpc.v1.BackupService/HoldWrites": [.admin],
        "hms.rpc.v1.BackupService/ReleaseWrites": [.admin],
        "hms.rpc.v1.TraceService/RecentSpans": [.admin],
        "hms.rpc.v1.TraceService/Overview": [.admin],
        "hms.rpc.v1.HealthService/Check": everybody,
        "hms.rpc.v1.ReflectionService/Describe": everybody,
    ]

    private let hospital: TestHospital
    private let authentication: Authentication

    init() async throws {
        hospital = try TestHospital()
        authentication = Authentication(
            verifier: try await TokenVerifier(hospital.configuration.identity, logger: hospital.log.logger()))
    }

    /// Whether the call gets past authentication.
    private func passes(_ method: MethodDescriptor, token: String?) async throws -> StatusCode {
        guard authentication.concerns(method) else { return .ok }
        let metadata: Metadata = token.map { [MetadataName.authorization: "Bearer \($0)"] } ?? [:]
        let call = ServerCall(context: CallContext(method: method, metadata: metadata), payload: ByteBuffer())
        do {
            _ = try await authentication.intercept(call) { _ in ServerReply(payload: ByteBuffer()) }
            return .ok
        } catch {
            return RPCError(mapping: error, deadline: .never)?.code ?? (error as? RPCError)?.code ?? .unknown
        }
    }

    @Test func `every method of the contracts is in the table, and nothing else`() {
        #expect(Set(Contracts.methods.map(\.name)) == Set(Self.allowed.keys))
    }

    @Test(arguments: Contracts.methods)
    func `a method lets in exactly those whom the table names`(method: MethodDescriptor) async throws {
        let allowed = try #require(Self.allowed[method.name])
        for role in CallerRole.allCases {
            let code = try await passes(method, token: hospital.token(role))
            #expect(code == (allowed.contains(role) ? .ok : .permissionDenied), "\(method.name) as \(role)")
        }
    }

    @Test(arguments: Contracts.methods)
    func `only health answers without a token`(method: MethodDescriptor) async throws {
        let isHealth = method.name == "hms.rpc.v1.HealthService/Check"
        #expect(try await passes(method, token: nil) == (isHealth ? .ok : .unauthenticated))
    }
}
