import Contracts
import RPC
import UnimplementedServices

/// Services in which a request that has passed every check of its contract ends as UNIMPLEMENTED.
enum UnimplementedServices {
    private struct Patients: UnimplementedPatientService {}
    private struct Doctors: UnimplementedDoctorService {}
    private struct Appointments: UnimplementedAppointmentService {}
    private struct Bills: UnimplementedBillingService {}
    private struct Payments: UnimplementedPaymentService {}
    private struct Prescriptions: UnimplementedPrescriptionService {}
    private struct Notifications: UnimplementedNotificationService {}
    private struct Audits: UnimplementedAuditService {}

    static let services: [any RPCService] = [
        Patients(), Doctors(), Appointments(), Bills(), Payments(), Prescriptions(), Notifications(), Audits(),
    ]
}
