import BillingRules
import Contracts
import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Applies what other services tell of, inside the write that claims the event.
    func receive(_ event: Event, _ transaction: Transaction) throws {
        switch EventType(event.eventType) {
        case .appointment(.completed):
            try billConsultation(of: event.message(), at: event.occurredAt, transaction, event.correlationID)
        case .appointment(.cancelled): try close(event.message(), as: .cancellationFee, transaction, event.correlationID)
        case .appointment(.noShow): try close(event.message(), as: .noShowFee, transaction, event.correlationID)
        case .appointment(.reinstated): try reinstate(event.message(), transaction, event.correlationID)
        case .payment(.captured): try noteCapture(of: event, isImported: false, transaction)
        case .payment(.imported): try noteCapture(of: event, isImported: true, transaction)
        case .payment(.refunded): try noteRefund(event.message(), at: event.occurredAt, transaction, event.correlationID)
        case .patient(.forgotten): try transaction.forget(ForgottenPerson(event)) { try $1.eraseBills(of: $0) }
        case .patient, .doctor, .appointment(.booked), .appointment(.rescheduled), .bill, .payment(.failed), .prescription, nil:
            throw RPCError.unknownEvent(event)
        }
    }

    /// Billing rules 4 and 5: a completed appointment has one consultation bill, be it made in advance.
    private func billConsultation(
        of appointment: AppointmentChanged, at time: ProtobufTimestamp?, _ transaction: Transaction, _ correlationID: String
    ) throws {
        guard let completedAt = (appointment.changedAt ?? time)?.instant else { throw RPCError.timeless }
        // Whoever was seen has missed nothing, whatever has been heard of that.
        if try transaction.closing(of: appointment.appointmentID) != nil { try reinstate(appointment, transaction, correlationID) }
        let billing = ConsultationBilling(try transaction.bill(of: appointment.appointmentID, .consultation))
        guard isBillDue(for: billing, completedAt: completedAt) else { return }
        guard let price = TaxedAmount(subtotal: appointment.consultationFee) else { throw RPCError.unbillableFee }
        let new = NewBill.consultation(
            of: appointment.appointmentID, patientID: appointment.patientID, department: appointment.department, price: price)
        try book.add(new, transaction, correlationID: correlationID)
        book.counts.count(billOfVisitCompletedAt: completedAt, in: transaction)
    }

    /// Cancelling, and who pays.
    private func close(
        _ appointment: AppointmentChanged, as feeKind: BillKind, _ transaction: Transaction, _ correlationID: String
    ) throws {
        let percent = appointment.byClinic ? 0 : Int(appointment.feePercent)
        let closing = try StoredClosing(appointment, as: feeKind, keeping: percent)
        try book.close(closing, transaction, correlationID: correlationID)
    }

    /// A no-show was taken back: the appointment stands, as if it had never ended.
    private func reinstate(_ appointment: AppointmentChanged, _ transaction: Transaction, _ correlationID: String) throws {
        let closing = try StoredClosing(appointment, as: .noShowFee, keeping: 0, isTakenBack: true)
        try book.close(closing, transaction, correlationID: correlationID)
    }

    /// A payment makes its bill PAID before it tells of that. So this changes nothing, unless billing has lost it, as by a backup
    /// that was restored.
    private func noteCapture(of event: Event, isImported: Bool, _ transaction: Transaction) throws {
        let payment: PaymentChanged = try event.message()
        let stored = try transaction.bill(payment.billID)
        let rejection = rejectionOfReservation(
            by: payment.paymentID, of: payment.amount, isImported: isImported, given: stored.facts)
        if let rejection {
            throw rejection.code == .paymentInProgress
                ? RPCError.unavailable("Another payment of the bill is under way.")
                : RPCError.invalidArgument("The bill can't be PAID by this payment: \(rejection.code.rawValue).")
        }
        try book.settle(
            stored, by: payment.paymentID, at: payment.paidAt ?? event.occurredAt, isImported: isImported, transaction,
            correlationID: event.correlationID)
    }

    /// A payment tells the sum of its refunds so far, so a later event holds all that an earlier one did.
    private func noteRefund(
        _ payment: PaymentChanged, at time: ProtobufTimestamp?, _ transaction: Transaction, _ correlationID: String
    ) throws {
        guard let refundedAt = time?.instant else { throw RPCError.timeless }
        var stored = try transaction.bill(payment.billID)
        guard stored.paidBy == payment.paymentID else {
            throw RPCError.invalidArgument("The bill was not paid by this payment.")
        }
        let more = payment.amountRefunded - stored.bill.amountRefunded
        guard more > 0 else { return }
        try transaction.insert(BillRefund(billID: payment.billID, refundID: payment.refundID, amount: more, refundedAt: refundedAt))
        stored.bill.amountRefunded = payment.amountRefunded
        stored.bill.status = BillStatus(state(of: stored.bill.amount, afterRefunds: payment.amountRefunded))
        stored.bill.version += 1
        try book.write(stored, transaction, correlationID: correlationID)
    }
}

extension StoredClosing {
    /// - Throws: `INVALID_ARGUMENT` where no bill can ask for the fee.
    fileprivate init(_ appointment: AppointmentChanged, as feeKind: BillKind, keeping percent: Int, isTakenBack: Bool = false) throws {
        guard TaxedAmount.subtotals.contains(appointment.consultationFee), (0...100).contains(percent) else { throw RPCError.unbillableFee }
        self.init(
            appointmentID: appointment.appointmentID, patientID: appointment.patientID, department: appointment.department,
            feeKind: feeKind, closing: Closing(consultationFee: appointment.consultationFee, percentKept: percent),
            version: appointment.version, isTakenBack: isTakenBack)
    }
}

/// An appointment tells of a fee that no bill can ask.
struct UnbillableFee: Error, CustomStringConvertible {
    var description: String { "the appointment's consultation fee is none that a bill can ask" }
}

extension RPCError {
    /// What is said to an event of such an appointment: no waiting mends it.
    fileprivate static let unbillableFee = invalidArgument("\(UnbillableFee())")

    fileprivate static let timeless = invalidArgument("The event has no time.")
}

extension ConsultationBilling {
    /// - Parameter stored: the one that is not VOID, or the last VOID one.
    fileprivate init(_ stored: StoredBill?) {
        guard let stored else { self = .none; return }
        self = stored.bill.status == .void ? .void(at: stored.endedAt) : .billed
    }
}

extension NewBill {
    static func consultation(
        of appointmentID: String, patientID: String, department: String, description: String = "", price: TaxedAmount
    ) -> NewBill {
        NewBill(
            kind: .consultation, appointmentID: appointmentID, patientID: patientID, department: department,
            description: description.isEmpty ? "Consultation" : description, price: price)
    }
}
