import Contracts
import Logging
import PatientRules
import RPC
import ServiceKit

/// What the patient service needs to know of other services.
struct PatientPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient
    private let billing: BillingServiceClient
    private let logger: Logger

    init(_ peers: Peers, logger: Logger) {
        self.peers = peers
        self.logger = logger
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
        billing = BillingServiceClient(peers.channel(to: "billing"))
    }

    /// Asks what stands against a deletion, and sees to it that nothing more can come until the commit.
    ///
    /// Bookings are held first. From then on no appointment can end in a bill, and billing, which is asked last, knows of
    /// every one that did: those it has not heard of refuse the deletion. Where open bills will refuse it anyway nothing is
    /// held, so that a patient who owes something can be booked meanwhile.
    ///
    /// - Throws: `UNAVAILABLE` where one of them does not answer, or billing has not heard of everything yet.
    func deletionFacts(of patientID: String, _ context: CallContext) async throws -> (facts: DeletionFacts, hold: BookingHold) {
        let hold = BookingHold()
        let openBills = try await countOpenBills(of: patientID, context)
        guard openBills == 0 else {
            let active = try await countActiveAppointments(of: patientID, context)
            return (DeletionFacts(activeAppointments: active, openBills: openBills), hold)
        }
        let held = try await holdBookings(of: patientID, context)
        guard held.active == 0 else { return (DeletionFacts(activeAppointments: Int(held.active), openBills: 0), hold) }
        guard held.awaitingBills == 0 else {
            throw RPCError.unavailable("A bill of the patient is on its way.", retryAfter: .seconds(1))
        }
        return (DeletionFacts(activeAppointments: 0, openBills: try await holdBills(of: patientID, context)), hold)
    }
}

extension PatientPeers {
    /// Those of some patients whom a doctor treats; nil where the appointment service can't tell, whatever ails it.
    func treatedPatients(of patientIDs: [String], by doctorID: String, _ context: CallContext) async throws -> Set<String>? {
        // A subject that is no doctor's id treats nobody.
        guard ParsedID(doctorID) != nil else { return [] }
        do {
            return try await peers.ask("appointment", for: context, within: .seconds(1)) { options in
                let request = ListTreatedPatientsRequest(doctorID: doctorID, patientIds: patientIDs)
                return Set(try await appointments.listTreatedPatients(request, options).patientIds)
            }
        } catch let error as RPCError where error.code == .unavailable {
            return nil
        } catch let error as PeerFailure {
            logger.error(
                "Nobody can tell whom a doctor treats", metadata: ["error": "\(error)", "correlation_id": "\(context.correlationID)"])
            return nil
        }
    }

    private func countOpenBills(of patientID: String, _ context: CallContext) async throws -> Int {
        try await peers.ask("billing", for: context) { options in
            Int(try await billing.countOpenBills(CountOpenBillsRequest(patientID: patientID), options).count)
        }
    }

    private func countActiveAppointments(of patientID: String, _ context: CallContext) async throws -> Int {
        try await peers.ask("appointment", for: context) { options in
            Int(try await appointments.countActiveAppointments(CountActiveAppointmentsRequest(of: .patientID(patientID)), options).count)
        }
    }

    private func holdBookings(of patientID: String, _ context: CallContext) async throws -> HoldBookingsResponse {
        try await peers.ask("appointment", for: context) { options in
            try await appointments.holdBookings(HoldBookingsRequest(of: .patientID(patientID)), options)
        }
    }

    private func holdBills(of patientID: String, _ context: CallContext) async throws -> Int {
        try await peers.ask("billing", for: context) { options in
            Int(try await billing.holdBills(HoldBillsRequest(patientID: patientID), options).open)
        }
    }
}
