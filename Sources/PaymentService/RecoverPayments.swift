import Contracts
import Logging
import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// One round of the recovery sweep: drives on what has been PENDING for too long (payment rule 4), and the refunds that
    /// billing has asked for.
    ///
    /// What can't be ended now is taken up again after the same pause, so nothing stands in the way of others.
    ///
    /// - Parameter now: milliseconds since 1970, by the database's clock.
    public func recover(at now: Int64) async throws {
        for stored in try await database.read({ try $0.paymentsToRecover(at: now, limit: batch) }) {
            let paymentID = stored.payment.paymentID
            let isEnded = try await attempt(paymentID) {
                try await proceed(with: paymentID, .outcome, .recovery(stored.correlationID)).status != .pending
            }
            if !isEnded { try await database.write { [self] in try $0.postponePayment(paymentID, to: nextSweep(after: now)) } }
        }
        for stored in try await database.read({ try $0.refundsToRecover(at: now, limit: batch) }) {
            let refundID = stored.refund.refundID
            let isEnded = try await attempt(refundID) {
                try await complete(refundID, .recovery(stored.correlationID)).status != .pending
            }
            if !isEnded { try await database.write { [self] in try $0.postponeRefund(refundID, to: nextSweep(after: now)) } }
        }
    }

    /// When the sweep takes up what is PENDING at `now`, in milliseconds of the database's clock.
    func nextSweep(after now: Int64) -> Int64 {
        now + resources.settings.payment.sweepAfter.wholeMilliseconds
    }

    private func attempt(_ id: String, _ work: () async throws -> Bool) async throws -> Bool {
        do {
            return try await work()
        } catch let error where !(error is CancellationError) {
            resources.logger.warning("What is PENDING could not be recovered yet", metadata: ["id": "\(id)", "error": "\(error)"])
            return false
        }
    }
}

/// How many payments or refunds one round takes up.
private let batch = 100

extension CallContext {
    /// Stands for the request that began what is recovered: under its correlation id, with time of its own.
    fileprivate static func recovery(_ correlationID: String) -> CallContext {
        CallContext(
            method: PaymentServiceMethods.createPayment, deadline: .after(.seconds(10)),
            metadata: [MetadataName.correlationID: correlationID])
    }
}
