import BillingRules
public import Contracts
public import RPC
import ServiceKit
import Vocabulary

extension BillingService {
    /// Bills an appointment by hand: its consultation in advance, or something else. Somebody who is gone gets no bill.
    public func createBill(_ request: CreateBillRequest, _ context: CallContext) async throws -> CreateBillResponse {
        let wanted = try WantedBill(request)
        let age = FactsAge()
        let appointment = try await peers.appointment(request.appointmentID, context)
        let patientIsActive = try await peers.isActive(appointment.patientID, context)
        let new = try wanted.bill(for: appointment)
        return try await commit(context, on: database) { [book] transaction in
            let facts = BillableAppointment(
                patientIsActive: patientIsActive,
                takesPlace: appointment.status.takesPlace,
                isClosed: try transaction.closing(of: appointment.appointmentID)?.isTakenBack == false,
                hasConsultationBill: try transaction.hasBill(of: appointment.appointmentID, .consultation))
            if let rejection = rejectionOfBill(wanted.kind, for: facts) { throw rejection }
            try transaction.requireNoHold(onBillsOf: appointment.patientID)
            try age.requireFresh()
            return CreateBillResponse(bill: try book.add(new, transaction, correlationID: context.correlationID))
        }
    }
}

/// What the request asks for, once its fields go together.
private struct WantedBill: Sendable {
    let kind: BillableKind
    private let subtotal: Int64?
    private let description: String

    /// - Throws: `INVALID_ARGUMENT` naming every field that does not belong to the kind, or is missing for it.
    init(_ request: CreateBillRequest) throws(Rejection) {
        var violations: [Rejection.Violation] = []
        switch request.kind {
        case .consultation:
            kind = .consultation
            if request.subtotal != nil { violations.append(.init(field: "subtotal", sentence: "is the appointment's for a consultation")) }
        case .other:
            kind = .other
            if request.subtotal == nil { violations.append(.init(field: "subtotal", sentence: "is required for OTHER")) }
            if request.descriptionValue.isEmpty { violations.append(.init(field: "description", sentence: "is required for OTHER")) }
        case .unspecified, .cancellationFee, .noShowFee, .unrecognized:
            kind = .other
            violations.append(.init(field: "kind", sentence: "must be CONSULTATION or OTHER"))
        }
        guard violations.isEmpty else { throw Rejection(invalid: violations) }
        subtotal = request.subtotal
        description = request.descriptionValue
    }

    func bill(for appointment: Appointment) throws -> NewBill {
        guard let price = TaxedAmount(subtotal: subtotal ?? appointment.consultationFee) else { throw UnbillableFee() }
        switch kind {
        case .consultation:
            return .consultation(
                of: appointment.appointmentID, patientID: appointment.patientID, department: appointment.department,
                description: description, price: price)
        case .other:
            return NewBill(
                kind: .other, appointmentID: appointment.appointmentID, patientID: appointment.patientID,
                department: appointment.department, description: description, price: price)
        }
    }
}

extension AppointmentStatus {
    /// Whether the consultation takes place or has taken place.
    var takesPlace: Bool {
        switch self {
        case .scheduled, .checkedIn, .completed: true
        case .unspecified, .cancelled, .noShow, .unrecognized: false
        }
    }
}
