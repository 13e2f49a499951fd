import BillingRules
import Contracts
import Logging
import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// One round of the sweep of reservations: asks what has become of the payments that have held a bill for long, and ends
    /// what they will not end themselves. A payment that is lost would hold its bill for ever.
    ///
    /// What can't be asked now is taken up again after the same pause.
    ///
    /// - Parameter now: milliseconds since 1970, by the database's clock.
    public func sweepReservations(at now: Int64) async throws {
        for stored in try await database.read({ try $0.billsToSweep(at: now, limit: batch) }) {
            guard let paymentID = stored.reservedBy else { continue }
            do {
                try await end(stored, heldBy: paymentID)
            } catch let error where !(error is CancellationError) {
                resources.logger.warning(
                    "A reservation could not be looked after yet", metadata: ["bill": "\(stored.bill.billID)", "error": "\(error)"])
            }
            try await database.write { try $0.postponeSweep(of: stored.bill.billID, to: now + reservationPatience) }
        }
    }

    private func end(_ stored: StoredBill, heldBy paymentID: String) async throws {
        let context = CallContext.sweep
        let step = nextStep(ofReservationBy: try await peers.state(ofPayment: paymentID, for: stored.bill.billID, context))
        if step == .wait { return }
        resources.logger.warning(
            "A reservation is ended in its payment's stead",
            metadata: ["bill": "\(stored.bill.billID)", "payment": "\(paymentID)", "step": "\(step)"])
        switch step {
        case .wait: return
        case .settle(let paidAt, let isImported):
            let request = SettleBillRequest(
                billID: stored.bill.billID, paymentID: paymentID, paidAt: ProtobufTimestamp(paidAt), imported: isImported)
            _ = try await settleBill(request, context)
        case .release: _ = try await releaseBill(ReleaseBillRequest(billID: stored.bill.billID, paymentID: paymentID), context)
        }
    }
}

/// How long a payment holds a bill before it is asked for, in milliseconds: longer than its own sweep takes to end it.
let reservationPatience: Int64 = 300_000

/// How many reservations one round looks after.
private let batch = 100

extension CallContext {
    /// Stands for a request that nobody has sent.
    fileprivate static var sweep: CallContext {
        CallContext(method: BillingServiceMethods.releaseBill, deadline: .after(.seconds(10)), metadata: [:])
    }
}
