public import Vocabulary

/// What staff can bill by hand; fees come of themselves.
public enum BillableKind: Hashable, Sendable {
    /// The appointment's consultation, at the appointment's fee.
    case consultation
    /// Anything else; it may repeat.
    case other
}

/// What the rules know of the appointment that is to be billed.
public struct BillableAppointment: Hashable, Sendable {
    /// Whether its patient was not deleted.
    public let patientIsActive: Bool
    /// Whether it takes place or has taken place: SCHEDULED, CHECKED_IN or COMPLETED.
    public let takesPlace: Bool
    /// Whether billing has heard that it was cancelled or missed.
    public let isClosed: Bool
    /// Whether it has a consultation bill that is not VOID.
    public let hasConsultationBill: Bool

    public init(patientIsActive: Bool, takesPlace: Bool, isClosed: Bool, hasConsultationBill: Bool) {
        self.patientIsActive = patientIsActive
        self.takesPlace = takesPlace
        self.isClosed = isClosed
        self.hasConsultationBill = hasConsultationBill
    }
}

/// Billing rules 3 and 5: one consultation bill for an appointment that takes place, in advance or afterwards, in the place of
/// one that is VOID too. Whoever was deleted had no OPEN bill, and gets none.
public func rejectionOfBill(_ kind: BillableKind, for appointment: BillableAppointment) -> Rejection? {
    if !appointment.patientIsActive { return Rejection(.patientInactive, "The patient is inactive.") }
    guard kind == .consultation else { return nil }
    if !appointment.takesPlace || appointment.isClosed {
        return Rejection(.invalidState, "The consultation of this appointment does not take place.")
    }
    if appointment.hasConsultationBill {
        return Rejection(.billExists, "The consultation of this appointment has a bill already.")
    }
    return nil
}

/// What the rules know of the consultation bills of an appointment that was completed.
public enum ConsultationBilling: Hashable, Sendable {
    case none
    /// There is a bill that is not VOID.
    case billed
    /// The last one was made void then; nil where that was before it was kept.
    case void(at: Instant?)
}

/// Billing rules 4 and 5: completing makes the bill that is not there. One that was made void in advance leaves no visit
/// unbilled; one that was made void afterwards stays so.
public func isBillDue(for appointment: ConsultationBilling, completedAt: Instant) -> Bool {
    switch appointment {
    case .none, .void(at: nil): true
    case .billed: false
    case .void(let voidedAt?): voidedAt <= completedAt
    }
}
