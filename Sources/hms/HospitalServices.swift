import AppointmentService
import BillingService
import DoctorService
import NotificationService
import PatientService
import PaymentService
import PrescriptionService
import ServiceKit

/// The services that are built into this executable, in the order of their ports.
enum HospitalServices {
    static let all: [ServiceDefinition] = [.patient, .doctor, .appointment, .billing, .prescription, .payment, .notification]

    static var names: [String] { all.map(\.name) }

    static func named(_ name: String) -> ServiceDefinition? { all.first { $0.name == name } }
}
