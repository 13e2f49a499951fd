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
    /// What can't be ended now is taken up again after the same pause, so nothing stands in the way of others, and a round comes to
    /// an end.
    ///
    /// - Parameter now: milliseconds since 1970, by the database's clock.
    public func recover(at now: Int64) async throws {
        while try await recoverBatch(at: now) == batch {}
    }

    /// Several at once: most of the time of each passes while others are waited for.
    ///
    /// - Returns: how many payments, or refunds if these were more, were due.
    private func recoverBatch(at now: Int64) async throws -> Int {
        let payments = try await database.read { try $0.paymentsToRecover(at: now, limit: batch) }
        try await forEach(payments) { stored in
            let paymentID = stored.payment.paymentID
            let isEnded = try await attempt(paymentID) {
                try await proceed(with: paymentID, .outcome, .recovery(stored.correlationID)).status != .pending
            }
            if !isEnded { try await database.write { [self] in try $0.postponePayment(paymentID, to: now + sweepAfter) } }
        }
        let refunds = try await database.read { try $0.refundsToRecover(at: now, limit: batch) }
        try await forEach(refunds) { stored in
            let refundID = stored.refund.refundID
            let isEnded = try await attempt(refundID) {
                try await complete(refundID, .recovery(stored.correlationID)).status != .pending
            }
            if !isEnded { try await database.write { [self] in try $0.postponeRefund(refundID, to: now + sweepAfter) } }
        }
        return max(payments.count, refunds.count)
    }

    /// How long what is PENDING is left to the request that drives it before the sweep takes it up, in milliseconds.
    var sweepAfter: Int64 {
        resources.settings.payment.sweepAfter.wholeMilliseconds
    }

    private func forEach<Stored: Sendable>(_ due: [Stored], _ work: @escaping @Sendable (Stored) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, stored) in due.enumerated() {
                if index >= atOnce { try await group.next() }
                group.addTask { try await work(stored) }
            }
            try await group.waitForAll()
        }
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

/// How many payments or refunds are looked for at a time.
private let batch = 100

/// How many of them are driven on at a time.
private let atOnce = 16

extension CallContext {
    /// Stands for the request that began what is recovered: under its correlation id, with time of its own.
    fileprivate static func recovery(_ correlationID: String) -> CallContext {
        CallContext(
            method: PaymentServiceMethods.createPayment, deadline: .after(.seconds(10)),
            metadata: [MetadataName.correlationID: correlationID])
    }
}
