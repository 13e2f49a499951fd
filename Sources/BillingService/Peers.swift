import BillingRules
import Contracts
import RPC
import ServiceKit
import Vocabulary

/// What the billing service needs of the appointment, the patient and the payment service.
struct BillingPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient
    private let patients: PatientServiceClient
    private let payments: PaymentServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
        patients = PatientServiceClient(peers.channel(to: "patient"))
        payments = PaymentServiceClient(peers.channel(to: "payment"))
    }

    /// - Throws: `APPOINTMENT_NOT_FOUND`; `UNAVAILABLE` where the appointment service does not answer.
    func appointment(_ appointmentID: String, _ context: CallContext) async throws -> Appointment {
        let found = try await unlessNotFound(.appointment) {
            try await peers.ask("appointment", for: context) { options in
                try await appointments.getAppointment(GetAppointmentRequest(appointmentID: appointmentID), options).appointment
            }
        }
        guard let found else { throw Rejection.notFound(.appointment) }
        return found
    }

    /// Whether a patient was not deleted.
    ///
    /// - Throws: `PATIENT_NOT_FOUND`; `UNAVAILABLE` where the patient service does not answer.
    func isActive(_ patientID: String, _ context: CallContext) async throws -> Bool {
        let found = try await unlessNotFound(.patient) {
            try await peers.ask("patient", for: context) { options in
                try await patients.getPatient(GetPatientRequest(patientID: patientID), options).patient
            }
        }
        guard let found else { throw Rejection.notFound(.patient) }
        return found.status == .active
    }
}

extension BillingPeers {
    /// What has become of a payment that holds a bill.
    ///
    /// - Throws: `UNAVAILABLE` where the payment service does not answer.
    func state(ofPayment paymentID: String, for billID: String, _ context: CallContext) async throws -> HolderState {
        let response = try await unlessNotFound(.payment) {
            try await peers.ask("payment", for: context) { options in
                try await payments.getPayment(GetPaymentRequest(paymentID: paymentID), options)
            }
        }
        guard let response else { return .lost }
        return try HolderState(response.payment, of: billID)
    }
}

extension HolderState {
    /// - Throws: ``UnknownPayment`` where nothing can be said of it, so that nothing is done.
    fileprivate init(_ payment: Payment?, of billID: String) throws(UnknownPayment) {
        guard let payment, payment.billID == billID else { throw UnknownPayment() }
        switch payment.status {
        case .pending: self = .pending
        case .captured:
            guard let paidAt = payment.paidAt?.instant else { throw UnknownPayment() }
            self = .captured(at: paidAt, isImported: payment.imported)
        case .failed: self = .failed
        case .unspecified, .unrecognized: throw UnknownPayment()
        }
    }
}

/// The payment service answers with a payment that is not the one of the bill, or in no state that is known.
struct UnknownPayment: Error, CustomStringConvertible {
    var description: String { "the payment service says nothing of the payment that can be understood" }
}
