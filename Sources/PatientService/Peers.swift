import Contracts
import PatientRules
import RPC
import ServiceKit

/// What the patient service needs to know of other services.
struct PatientPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient
    private let billing: BillingServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
        billing = BillingServiceClient(peers.channel(to: "billing"))
    }

    /// Asks both services at the same time.
    ///
    /// - Throws: `UNAVAILABLE` where one of them does not answer.
    func deletionFacts(of patientID: String, _ context: CallContext) async throws -> DeletionFacts {
        async let activeAppointments = peers.ask("appointment", for: context) { options in
            try await appointments.countActiveAppointments(CountActiveAppointmentsRequest(of: .patientID(patientID)), options).count
        }
        async let openBills = peers.ask("billing", for: context) { options in
            try await billing.countOpenBills(CountOpenBillsRequest(patientID: patientID), options).count
        }
        return try await DeletionFacts(activeAppointments: Int(activeAppointments), openBills: Int(openBills))
    }
}
