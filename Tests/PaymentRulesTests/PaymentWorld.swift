import PaymentRules
import SeededRandom
import Vocabulary

/// Payments of one bill, with a billing service and a provider that are a few lines each, and all that can go wrong: requests
/// and answers that are lost, deaths before anything is stored, staff who void the bill, and a billing service that was set
/// back to a backup.
struct PaymentWorld {
    struct StoredPayment {
        var progress = PaymentProgress()
        /// Nil while it is PENDING.
        var isCaptured: Bool?
    }

    struct Bill {
        var isVoid = false
        var heldBy: Int?
        var paidBy: Int?
    }

    struct Entry {
        var outcome: ChargeOutcome
        var isReturned = false
    }

    private let machine: (PaymentProgress) -> PaymentStep
    private var random: SplitMix64
    private(set) var payments: [StoredPayment]
    private(set) var bill = Bill()
    private var backup = Bill()
    /// What the provider has really done, by payment.
    private(set) var ledger: [Int: Entry] = [:]
    private var isCalm = false
    /// How often each step was taken.
    private(set) var taken: [String: Int] = [:]

    init(seed: UInt64, machine: @escaping (PaymentProgress) -> PaymentStep) {
        random = SplitMix64(seed: seed)
        self.machine = machine
        payments = Array(repeating: StoredPayment(), count: Int.random(in: 1...3, using: &random))
    }

    /// Lets everything go wrong for a while, then nothing more, until all payments have ended.
    mutating func run() {
        for _ in 0..<Int.random(in: 5...60, using: &random) { disturb() }
        isCalm = true
        for _ in 0..<50 {
            for payment in payments.indices { drive(payment, bySweep: true) }
            freeBill()
        }
    }

    private mutating func disturb() {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: backup = bill
        // A settlement that billing forgets after the payment has ended is another story.
        case 1 where !payments.contains { $0.isCaptured == true }: bill = backup
        case 2 where bill.heldBy == nil && bill.paidBy == nil && random.chance(4): bill.isVoid = true
        case 3: freeBill()
        default: drive(Int.random(in: payments.indices, using: &random), bySweep: random.chance(2))
        }
    }

    /// Takes one step, and stores what comes of it, unless the process dies before that. What ends a payment is stored with
    /// its end.
    private mutating func drive(_ number: Int, bySweep: Bool) {
        guard payments[number].isCaptured == nil else { return }
        let step = machine(payments[number].progress)
        count(step)
        let isRequestLost = fails(), isAnswerLost = fails()
        switch step {
        case .capture, .fail: if !isAnswerLost { end(number) }
        case .reserveBill, .charge, .settleBill, .giveBack, .releaseBill:
            if isRequestLost { return }
            let answer = answer(to: step, of: number, bySweep: bySweep)
            if isAnswerLost { return }
            payments[number].progress = payments[number].progress.after(answer)
            end(number)
        }
    }

    /// Ends a payment where that is what is to be done next.
    private mutating func end(_ number: Int) {
        let step = machine(payments[number].progress)
        switch step {
        case .capture: payments[number].isCaptured = true
        case .fail: payments[number].isCaptured = false
        case .reserveBill, .charge, .settleBill, .giveBack, .releaseBill: return
        }
        count(step)
    }

    private mutating func count(_ step: PaymentStep) {
        taken["\(step)".prefix { $0 != "(" }.description, default: 0] += 1
    }

    private mutating func fails() -> Bool { !isCalm && random.chance(4) }
}

// MARK: - The provider

extension PaymentWorld {
    /// What the provider has and has not given back.
    var moneyKept: Int { ledger.values.count { $0.outcome == .captured && !$0.isReturned } }

    private mutating func answer(to step: PaymentStep, of number: Int, bySweep: Bool) -> PaymentAnswer {
        switch step {
        case .reserveBill: return .bill(reserve(number))
        case .settleBill: return .bill(settle(number))
        case .releaseBill:
            if bill.heldBy == number { bill.heldBy = nil }
            return .bill(.released)
        case .charge: return .charge(charge(number, bySweep: bySweep))
        case .giveBack, .capture, .fail:
            if fails() { return .giveBack(.refused) }
            ledger[number]?.isReturned = true
            return .giveBack(.refunded)
        }
    }

    /// The sweep asks what became of it, and then it is never charged any more.
    private mutating func charge(_ number: Int, bySweep: Bool) -> ChargeOutcome {
        if let entry = ledger[number] { return entry.outcome }
        let outcome: ChargeOutcome = bySweep ? .notCharged : random.chance(4) ? .declined : .captured
        ledger[number] = Entry(outcome: outcome)
        return outcome
    }
}

// MARK: - The billing service

extension PaymentWorld {
    private mutating func reserve(_ number: Int) -> BillAnswer {
        if bill.heldBy == number || bill.paidBy == number { return .reserved }
        if let refusal { return .refused(refusal) }
        if bill.heldBy != nil { return .refused(.paymentInProgress) }
        bill.heldBy = number
        return .reserved
    }

    private mutating func settle(_ number: Int) -> BillAnswer {
        if bill.paidBy == number { return .settled(at: Instant(millisecondsSinceEpoch: 0)) }
        if let refusal { return .refused(refusal) }
        if bill.heldBy != number { return .refused(.paymentInProgress) }
        bill.heldBy = nil
        bill.paidBy = number
        return .settled(at: Instant(millisecondsSinceEpoch: 0))
    }

    private var refusal: RejectionCode? { bill.isVoid ? .billVoid : bill.paidBy != nil ? .billPaid : nil }

    /// Billing's own sweep: a backup may have brought back the reservation of a payment that has ended.
    private mutating func freeBill() {
        if let holder = bill.heldBy, payments[holder].isCaptured == false { bill.heldBy = nil }
    }
}
