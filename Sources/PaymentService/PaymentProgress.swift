import Contracts
import Logging
import PaymentRules
import RPC
import ServiceKit
import Storage
import Vocabulary

/// How the provider is asked.
enum ProviderQuestion: Sendable {
    /// To charge, or what it answered to the same charge before.
    case charge
    /// What became of a charge whose answer was lost.
    case outcome
}

extension PaymentService {
    /// Drives a PENDING payment on, from wherever an earlier try has stopped: the bill is reserved, the money charged, the
    /// bill PAID, the payment CAPTURED; or the bill released and the payment FAILED. Every step can be repeated, so a process
    /// that dies between two of them leaves nothing that the next try does not find.
    ///
    /// - Returns: the payment as it stands then; one that has ended is returned as it is.
    /// - Throws: `IDEMPOTENCY_IN_PROGRESS` while somebody else drives it; `UNAVAILABLE` where billing does not answer before
    ///   the charge.
    func proceed(with paymentID: String, _ question: ProviderQuestion, _ context: CallContext) async throws -> Payment {
        let payment = try await underWay.run(paymentID) {
            let stored = try await database.read { try $0.payment(paymentID) }
            return stored.payment.status == .pending ? try await drive(stored, question, context) : stored.payment
        }
        guard let payment else { throw RPCError.stillUnderWay }
        return payment
    }

    private func drive(_ stored: StoredPayment, _ question: ProviderQuestion, _ context: CallContext) async throws -> Payment {
        do {
            try await peers.reserve(stored.payment, context)
        } catch let rejection as Rejection {
            return try await fail(stored, rejection.code.rawValue)
        }
        let outcome = try await ask(question, Charge(stored.payment), context)
        do {
            return try await conclude(stored, outcome, context)
        } catch let error where !(error is CancellationError) {
            resources.logger.warning(
                "A payment stays PENDING", metadata: ["payment": "\(stored.payment.paymentID)", "error": "\(error)"])
            return stored.payment
        }
    }

    /// What the provider answers in time; whatever goes wrong on the way says nothing of the outcome.
    private func ask(_ question: ProviderQuestion, _ charge: Charge, _ context: CallContext) async throws -> ChargeOutcome {
        do {
            return try await within(providerLimit(context)) { [provider] in
                switch question {
                case .charge: try await provider.charge(charge)
                case .outcome: try await provider.outcome(of: charge)
                }
            } ?? .unknown
        } catch let error where !(error is CancellationError) {
            resources.logger.warning("The payment provider has failed", metadata: ["payment": "\(charge.paymentID)", "error": "\(error)"])
            return .unknown
        }
    }

    private func conclude(_ stored: StoredPayment, _ outcome: ChargeOutcome, _ context: CallContext) async throws -> Payment {
        switch conclusion(of: outcome) {
        case .settle: return try await settle(stored, context)
        case .wait: return stored.payment
        case .release(let failureCode):
            try await peers.release(stored.payment, context)
            return try await end(stored, .failed, context) { $0.failureCode = failureCode }
        }
    }

    private func settle(_ stored: StoredPayment, _ context: CallContext) async throws -> Payment {
        do {
            let paidAt = try await peers.settle(stored.payment, at: resources.clock.now(), context)
            return try await end(stored, .captured, context) { $0.paidAt = paidAt }
        } catch let rejection as Rejection {
            return try await giveBack(stored, because: rejection, context)
        }
    }

    /// The bill was reserved when the money was taken, so it can be refused only where billing has lost that, as by a backup
    /// that was restored. The money goes back whence it came.
    private func giveBack(_ stored: StoredPayment, because rejection: Rejection, _ context: CallContext) async throws -> Payment {
        resources.logger.error(
            "A charged payment could not be settled and is given back",
            metadata: ["payment": "\(stored.payment.paymentID)", "code": "\(rejection.code.rawValue)"])
        let whole = ChargeRefund(refundID: stored.payment.paymentID, charge: Charge(stored.payment), amount: stored.payment.amount)
        let outcome = try await within(providerLimit(context)) { [provider] in try await provider.refund(whole) }
        guard outcome == .refunded else { return stored.payment }
        return try await fail(stored, rejection.code.rawValue)
    }

    /// Half of the time that is left at most, so that a caller still hears that the payment is PENDING.
    func providerLimit(_ context: CallContext) -> Duration {
        min(resources.settings.payment.timeout, context.deadline.remaining / 2)
    }
}

extension PaymentService {
    /// Ends a payment. Where a request waits for it, its answer is recorded with the end.
    private func end(
        _ stored: StoredPayment, _ event: PaymentEvent, _ context: CallContext, _ change: @escaping @Sendable (inout Payment) -> Void
    ) async throws -> Payment {
        let response = try await commit(context, on: database) { transaction in
            CreatePaymentResponse(payment: try end(stored, event, transaction, change))
        }
        return response.payment ?? stored.payment
    }

    /// Ends a payment whose request is answered with the bill's refusal: that answer follows from the payment at every retry.
    private func fail(_ stored: StoredPayment, _ failureCode: String) async throws -> Payment {
        try await database.write { try end(stored, .failed, $0) { $0.failureCode = failureCode } }
    }

    /// The first end counts: a payment that has ended in the meantime is returned as it is.
    private func end(
        _ begun: StoredPayment, _ event: PaymentEvent, _ transaction: Transaction, _ change: (inout Payment) -> Void
    ) throws -> Payment {
        var stored = try transaction.payment(begun.payment.paymentID)
        guard stored.payment.status == .pending else { return stored.payment }
        stored.payment.status = event == .captured ? .captured : .failed
        stored.payment.version += 1
        change(&stored.payment)
        try transaction.update(stored)
        try transaction.publish(self.event(event, of: stored.payment, correlationID: stored.correlationID))
        return stored.payment
    }
}

extension RPCError {
    /// Somebody drives this payment or refund on already: the request that began it, or the recovery sweep.
    static var stillUnderWay: RPCError {
        var error = RPCError(Rejection(.idempotencyInProgress, "The payment or refund is being worked on."))
        error.retryAfter = .seconds(1)
        return error
    }
}
