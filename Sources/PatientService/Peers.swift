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

    /// Asks billing first and the appointment service last, so that bookings are held for no longer than the commit takes;
    /// not at all where open bills will refuse the deletion.
    ///
    /// - Throws: `UNAVAILABLE` where one of them does not answer.
    func deletionFacts(of patientID: String, _ context: CallContext) async throws -> (facts: DeletionFacts, hold: BookingHold) {
        let openBills = try await peers.ask("billing", for: context) { options in
            try await billing.countOpenBills(CountOpenBillsRequest(patientID: patientID), options).count
        }
        let hold = BookingHold()
        let active = try await peers.ask("appointment", for: context) { options in
            openBills > 0
                ? try await appointments.countActiveAppointments(CountActiveAppointmentsRequest(of: .patientID(patientID)), options).count
                : try await appointments.holdBookings(HoldBookingsRequest(of: .patientID(patientID)), options).active
        }
        return (DeletionFacts(activeAppointments: Int(active), openBills: Int(openBills)), hold)
    }
}
