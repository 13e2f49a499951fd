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
    /// Drives a PENDING payment on, step by step, from wherever an earlier try has stopped. What a step was answered is
    /// stored before the next is taken, and every step can be repeated, so a process that dies between two of them leaves
    /// nothing that the next try does not find.
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
        var stored = stored
        while true {
            let step = nextStep(of: stored.progress)
            switch step {
            case .capture(let paidAt): return try await end(stored, .captured, context) { $0.paidAt = ProtobufTimestamp(paidAt) }
            case .fail(let code): return try await fail(stored, code, context)
            case .reserveBill, .charge, .settleBill, .giveBack, .releaseBill:
                guard let answer = try await answer(to: step, of: stored, question, context) else { return stored.payment }
                stored = try await keep(stored.progress.after(answer), of: stored)
            }
            // What has to be asked again is asked in the next round.
            if nextStep(of: stored.progress) == step { return stored.payment }
        }
    }

    /// What a step was answered; nil where nobody knows, once money may have moved: then the payment stays PENDING.
    private func answer(
        to step: PaymentStep, of stored: StoredPayment, _ question: ProviderQuestion, _ context: CallContext
    ) async throws -> PaymentAnswer? {
        do {
            return try await take(step, of: stored, question, context)
        } catch let error where !(error is CancellationError) && stored.progress.charge != nil {
            resources.logger.warning(
                "A payment stays PENDING", metadata: ["payment": "\(stored.payment.paymentID)", "error": "\(error)"])
            return nil
        }
    }

    private func take(
        _ step: PaymentStep, of stored: StoredPayment, _ question: ProviderQuestion, _ context: CallContext
    ) async throws -> PaymentAnswer? {
        switch step {
        case .reserveBill, .settleBill, .releaseBill: try await askBilling(step, stored, context).map { .bill($0) }
        case .charge: .charge(try await ask(question, Charge(stored.payment), context))
        case .giveBack: .giveBack(try await giveBack(stored.payment, context))
        case .capture, .fail: nil
        }
    }

    /// Billing's refusal is an answer like others.
    private func askBilling(_ step: PaymentStep, _ stored: StoredPayment, _ context: CallContext) async throws -> BillAnswer? {
        let payment = stored.payment
        do {
            switch step {
            case .reserveBill:
                try await peers.reserve(payment, context)
                return .reserved
            case .settleBill:
                return .settled(at: try await peers.settle(payment, at: stored.origin?.paidAt ?? resources.clock.now(), context))
            case .releaseBill:
                try await peers.release(payment, context)
                return .released
            case .charge, .giveBack, .capture, .fail: return nil
            }
        } catch let rejection as Rejection {
            return .refused(rejection.code)
        }
    }

    /// Stores how far a payment has come. What ends it is stored with its end.
    private func keep(_ progress: PaymentProgress, of stored: StoredPayment) async throws -> StoredPayment {
        if progress == stored.progress { return stored }
        var kept = stored
        kept.progress = progress
        switch nextStep(of: progress) {
        case .capture, .fail: return kept
        case .reserveBill, .charge, .settleBill, .giveBack, .releaseBill:
            try await database.write { [kept] in try $0.keepProgress(of: kept) }
            return kept
        }
    }
}

extension PaymentService {
    /// What the provider answers in time.
    private func ask(_ question: ProviderQuestion, _ charge: Charge, _ context: CallContext) async throws -> ChargeOutcome {
        try await within(providerLimit(context)) { [provider] in
            switch question {
            case .charge: try await provider.charge(charge)
            case .outcome: try await provider.outcome(of: charge)
            }
        } ?? .unknown
    }

    /// The bill was reserved when the money was taken, so it can be refused only where billing has lost that. The money goes
    /// back whence it came; the payment's id is the refund's.
    private func giveBack(_ payment: Payment, _ context: CallContext) async throws -> RefundOutcome {
        let whole = ChargeRefund(refundID: payment.paymentID, charge: Charge(payment), amount: payment.amount)
        let outcome = try await within(providerLimit(context)) { [provider] in try await provider.refund(whole) } ?? .unknown
        resources.logger.error(
            "A charged payment could not be settled and is given back",
            metadata: ["payment": "\(payment.paymentID)", "outcome": "\(outcome)"])
        return outcome
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
        if stored.payment.imported {
            let response = try await commit(context, on: database) { transaction in
                ImportPaymentResponse(payment: try end(stored, event, transaction, change))
            }
            return response.payment ?? stored.payment
        }
        let response = try await commit(context, on: database) { transaction in
            CreatePaymentResponse(payment: try end(stored, event, transaction, change))
        }
        return response.payment ?? stored.payment
    }

    /// Where the bill's refusal is the reason, it is the answer of the request as well, and follows from the payment at every
    /// retry: none is recorded.
    private func fail(_ stored: StoredPayment, _ code: String, _ context: CallContext) async throws -> Payment {
        if case .refused = stored.progress.bill {
            return try await database.write { try end(stored, .failed, $0) { $0.failureCode = code } }
        }
        return try await end(stored, .failed, context) { $0.failureCode = code }
    }

    /// The first end counts: a payment that has ended in the meantime is returned as it is.
    private func end(
        _ begun: StoredPayment, _ event: PaymentEvent, _ transaction: Transaction, _ change: (inout Payment) -> Void
    ) throws -> Payment {
        var stored = try transaction.payment(begun.payment.paymentID)
        guard stored.payment.status == .pending else { return stored.payment }
        stored.progress = begun.progress
        stored.payment.status = event == .captured ? .captured : .failed
        stored.payment.version += 1
        change(&stored.payment)
        try transaction.update(stored)
        try transaction.keepProgress(of: stored)
        counts.count(stored.payment, in: transaction)
        if let told = stored.payment.imported ? event.ofImport : event {
            try transaction.publish(self.event(told, of: stored, correlationID: stored.correlationID))
        }
        return stored.payment
    }
}

extension PaymentEvent {
    /// What is told of a payment of another system; nil where that is nothing.
    fileprivate var ofImport: PaymentEvent? { self == .captured ? .imported : nil }
}

extension RPCError {
    /// Somebody drives this payment or refund on already: the request that began it, or the recovery sweep.
    static var stillUnderWay: RPCError {
        var error = RPCError(Rejection(.idempotencyInProgress, "The payment or refund is being worked on."))
        error.retryAfter = .seconds(1)
        return error
    }
}
