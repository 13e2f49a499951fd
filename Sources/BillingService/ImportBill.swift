import BillingRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Takes over a bill of the past from another system, or answers the one that is there already. Nobody is told of it.
    public func importBill(_ request: ImportBillRequest, _ context: CallContext) async throws -> ImportBillResponse {
        let age = FactsAge()
        let facts = try await facts(of: request, context)
        let wanted = try request.bill(for: facts.appointment, in: resources.clinic.currency, at: resources.clock.now())
        if request.validateOnly {
            return try await database.read { [self] in try present(wanted, $0) ?? checked(wanted, given: facts, $0) }
        }
        return try await commit(context, on: database) { [self] transaction in
            if let present = try present(wanted, transaction) { return present }
            _ = try checked(wanted, given: facts, transaction)
            if wanted.bill.status == .open {
                try transaction.requireNoHold(onBillsOf: wanted.bill.patientID)
                try age.requireFresh()
            }
            return ImportBillResponse(bill: try book.take(wanted, transaction))
        }
    }

    private func facts(of request: ImportBillRequest, _ context: CallContext) async throws -> ImportFacts {
        let appointment: Appointment? =
            if let appointmentID = request.appointmentID { try await peers.appointment(appointmentID, context) } else { nil }
        return ImportFacts(patientIsActive: try await peers.isActive(request.patientID, context), appointment: appointment)
    }

    /// What was imported before; nil where that is nothing.
    ///
    /// - Throws: `SOURCE_ID_TAKEN` where the other system's id means another bill here.
    private func present(_ wanted: StoredBill, _ reader: Reader) throws -> ImportBillResponse? {
        guard let source = wanted.source else {
            return try reader.importedBill(like: wanted.bill).map { ImportBillResponse(bill: $0.bill, alreadyThere: true) }
        }
        guard let present = try reader.bill(calledBy: source) else { return nil }
        guard present.bill.isImport(like: wanted.bill) else {
            throw Rejection.sourceIDTaken(by: present.bill.billID, .bill)
        }
        return ImportBillResponse(bill: present.bill, alreadyThere: true)
    }

    private func checked(_ wanted: StoredBill, given facts: ImportFacts, _ reader: Reader) throws -> ImportBillResponse {
        let visit = try facts.appointment.map { try reader.visit($0, of: wanted.bill) }
        let bill = ImportedBill(wanted.bill.importedKind, wanted.bill.importedState)
        if let rejection = rejectionOfImport(of: bill, patientIsActive: facts.patientIsActive, for: visit) { throw rejection }
        return ImportBillResponse(bill: wanted.bill)
    }
}

/// What other services say of a bill that is to be imported.
private struct ImportFacts: Sendable {
    let patientIsActive: Bool
    let appointment: Appointment?
}

extension Reader {
    fileprivate func visit(_ appointment: Appointment, of bill: Bill) throws -> ImportedVisit {
        ImportedVisit(
            isOfPatient: appointment.patientID == bill.patientID, isHistory: appointment.imported,
            takesPlace: try appointment.status.takesPlace && closing(of: appointment.appointmentID) == nil,
            hasBillOfKind: try hasBill(of: appointment.appointmentID, bill.kind))
    }
}

extension Bill {
    /// Whether another system's bill is this one: what it is for and what it asks never changes.
    fileprivate func isImport(like other: Bill) -> Bool {
        patientID == other.patientID && appointmentID == other.appointmentID && kind == other.kind && subtotal == other.subtotal
            && tax == other.tax && createdAt?.instant == other.createdAt?.instant
    }

    fileprivate var importedKind: ImportedBill.Kind {
        switch kind {
        case .consultation: .consultation
        case .cancellationFee, .noShowFee: .fee
        case .other, .unspecified, .unrecognized: .other
        }
    }

    fileprivate var importedState: ImportedBill.State {
        switch status {
        case .open: .open
        case .void: .void
        case .paid, .partiallyRefunded, .refunded, .unspecified, .unrecognized: .paid
        }
    }
}
