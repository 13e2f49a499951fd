import BillingRules
import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A bill that is to be made.
struct NewBill: Sendable {
    let kind: BillKind
    let appointmentID: String
    let patientID: String
    let department: String
    let description: String
    let price: TaxedAmount
}

/// What is written whenever a bill is made or changes: the bill, the event that tells of it, and what a closing of its
/// appointment then asks for. All of it in the transaction of the use case.
struct BillBook: Sendable {
    let resources: ServiceResources
    private let calendar: ClinicCalendar
    let counts: BillCounts

    init(_ resources: ServiceResources, calendar: ClinicCalendar) {
        self.resources = resources
        self.calendar = calendar
        counts = BillCounts(resources.metrics, clock: resources.clock)
    }

    /// Makes an OPEN bill.
    @discardableResult
    func add(_ new: NewBill, _ transaction: Transaction, correlationID: String) throws -> Bill {
        let now = resources.clock.now()
        let bill = Bill(
            billID: resources.ids.make(.bill), patientID: new.patientID, appointmentID: new.appointmentID, kind: new.kind,
            descriptionValue: new.description, subtotal: new.price.subtotal, tax: new.price.tax, amount: new.price.amount,
            currency: resources.clinic.currency, status: .open, createdAt: ProtobufTimestamp(now), version: 1, department: new.department)
        try transaction.insert(StoredBill(bill: bill), on: calendar.day(of: now))
        try transaction.publish(event(.created, of: bill, correlationID: correlationID))
        counts.count(created: bill, in: transaction)
        return bill
    }

    /// Makes an OPEN bill VOID.
    @discardableResult
    func void(_ stored: StoredBill, because reason: String, _ transaction: Transaction, correlationID: String) throws -> Bill {
        var stored = stored
        stored.bill.status = .void
        stored.bill.voidReason = reason
        stored.endedAt = resources.clock.now()
        stored.bill.version += 1
        try transaction.publish(event(.voided, of: stored.bill, correlationID: correlationID))
        counts.countVoided(in: transaction)
        return try write(stored, transaction, correlationID: correlationID)
    }

    /// Makes a bill PAID; one that is stays as it is.
    ///
    /// - Parameter isImported: whether that was in another system.
    @discardableResult
    func settle(
        _ stored: StoredBill, by paymentID: String, at paidAt: ProtobufTimestamp?, isImported: Bool, _ transaction: Transaction,
        correlationID: String
    ) throws -> Bill {
        guard stored.paidBy == nil else { return stored.bill }
        var stored = stored
        let now = resources.clock.now()
        stored.reservedBy = nil
        stored.paidBy = paymentID
        stored.bill.status = .paid
        stored.bill.paidAt = paidAt ?? ProtobufTimestamp(now)
        stored.isPaidElsewhere = isImported
        stored.endedAt = stored.bill.end(inAnotherSystem: isImported, at: now)
        stored.bill.version += 1
        return try write(stored, transaction, correlationID: correlationID)
    }

    /// Takes over a bill of the past. Nobody is told of it.
    func take(_ stored: StoredBill, _ transaction: Transaction) throws -> Bill {
        var stored = stored
        stored.bill.billID = resources.ids.make(.bill)
        try transaction.insert(stored, on: calendar.day(of: stored.bill.createdAt?.instant ?? resources.clock.now()))
        return stored.bill
    }

    /// Stores a bill as it is now, and does what follows from that.
    @discardableResult
    func write(_ stored: StoredBill, _ transaction: Transaction, correlationID: String) throws -> Bill {
        var stored = stored
        switch stored.stepOfTakingBack {
        case .nothing, .waitForPayment: break
        case .void: return try void(stored, because: "The no-show was taken back.", transaction, correlationID: correlationID)
        case .refund:
            try transaction.publish(refundDue(stored, keeping: 0, because: "The no-show was taken back.", correlationID: correlationID))
            stored.isRefundAsked = true
        }
        try transaction.update(stored)
        try settleClosing(of: stored.bill.appointmentID, transaction, correlationID: correlationID)
        return stored.bill
    }

    /// Notes how an appointment has ended, or that it stands again, and does what that asks for. The newest word counts: what
    /// an older one has cost nobody owes any more, and one that comes late changes nothing.
    func close(_ stored: StoredClosing, _ transaction: Transaction, correlationID: String) throws {
        let known = try transaction.closing(of: stored.appointmentID)
        if let known, known.version >= stored.version { return }
        try transaction.put(stored)
        if let known, !known.isTakenBack { try takeBack(known, transaction, correlationID: correlationID) }
        try settleClosing(of: stored.appointmentID, transaction, correlationID: correlationID)
    }

    /// Nobody owes the fee any more. A consultation bill that the closing has made VOID is as if it had never been: it says
    /// nothing about a visit that is still to come.
    private func takeBack(_ closing: StoredClosing, _ transaction: Transaction, correlationID: String) throws {
        let fee = try transaction.bill(of: closing.appointmentID, closing.feeKind)
        let consultation = try transaction.bill(of: closing.appointmentID, .consultation)
        let bills = [fee, consultation.flatMap { $0.bill.status == .void ? $0 : nil }]
        for var bill in bills.compactMap(\.self) {
            bill.isTakenBack = true
            try write(bill, transaction, correlationID: correlationID)
        }
    }

    /// Does what the closing of an appointment asks for, where there is one (Cancelling, and who pays).
    func settleClosing(of appointmentID: String, _ transaction: Transaction, correlationID: String) throws {
        guard let stored = try transaction.closing(of: appointmentID), !stored.isTakenBack else { return }
        let consultation = try transaction.bill(of: appointmentID, .consultation)
        let hasFeeBill = try transaction.bill(of: appointmentID, stored.feeKind) != nil
        switch nextStep(of: stored.closing, consultation: consultation?.facts, hasFeeBill: hasFeeBill) {
        case .nothing, .waitForPayment: return
        case .makeFeeBill(let fee): try add(.fee(fee, of: stored), transaction, correlationID: correlationID)
        case .voidConsultation:
            guard let consultation else { return }
            // Its write comes back here, and finds the fee bill still to be made.
            try void(consultation, because: stored.reason, transaction, correlationID: correlationID)
        case .refund(let kept):
            guard let consultation else { return }
            try transaction.publish(refundDue(consultation, keeping: kept, because: stored.reason, correlationID: correlationID))
            try transaction.markRefundAsked(of: appointmentID)
        }
    }
}

extension StoredBill {
    fileprivate var stepOfTakingBack: TakenBackStep {
        isTakenBack ? nextStep(ofTakenBack: facts, isRefundAsked: isRefundAsked) : .nothing
    }
}

extension StoredClosing {
    fileprivate var reason: String {
        feeKind == .noShowFee ? "The patient did not come." : "The appointment was cancelled."
    }
}

extension Bill {
    /// Since when a bill that is paid is not owed any more; nil where it is not paid.
    func end(inAnotherSystem isElsewhere: Bool, at now: Instant) -> Instant? {
        guard let paidAt = paidAt?.instant else { return nil }
        return endOfBill(
            madeAt: createdAt?.instant ?? paidAt, isImported: imported, paidAt: paidAt, inAnotherSystem: isElsewhere, now: now)
    }
}

extension NewBill {
    fileprivate static func fee(_ price: TaxedAmount, of stored: StoredClosing) -> NewBill {
        NewBill(
            kind: stored.feeKind, appointmentID: stored.appointmentID, patientID: stored.patientID, department: stored.department,
            description: stored.feeKind == .noShowFee ? "No-show fee" : "Cancellation fee", price: price)
    }
}
