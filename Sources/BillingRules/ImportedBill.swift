public import Vocabulary

/// A bill of the past, as another system has it.
public struct ImportedBill: Hashable, Sendable {
    public enum Kind: Hashable, Sendable, CaseIterable {
        case consultation
        /// For a visit that was cancelled late or missed.
        case fee
        /// It may repeat.
        case other
    }

    public enum State: Hashable, Sendable, CaseIterable {
        case open, paid, void
    }

    public let kind: Kind
    public let state: State

    public init(_ kind: Kind, _ state: State) {
        self.kind = kind
        self.state = state
    }
}

/// What the rules know of the visit that an imported bill is for.
public struct ImportedVisit: Hashable, Sendable {
    public let isOfPatient: Bool
    /// Whether it is a visit of the past that was imported as well, of which this hospital bills nothing by itself.
    public let isHistory: Bool
    /// Whether it takes place or has taken place, as far as anybody has heard.
    public let takesPlace: Bool
    /// Whether it has a bill of this kind that is not VOID.
    public let hasBillOfKind: Bool

    public init(isOfPatient: Bool, isHistory: Bool, takesPlace: Bool, hasBillOfKind: Bool) {
        self.isOfPatient = isOfPatient
        self.isHistory = isHistory
        self.takesPlace = takesPlace
        self.hasBillOfKind = hasBillOfKind
    }
}

/// History, and billing rule 3: a bill of the past is a fact, but what is owed is owed by somebody who is there, and a visit
/// that this hospital has booked keeps the rules of billing. The first rule broken is the answer.
public func rejectionOfImport(of bill: ImportedBill, patientIsActive: Bool, for visit: ImportedVisit?) -> Rejection? {
    if bill.state == .open && !patientIsActive { return Rejection(.patientInactive, "The patient is inactive.") }
    guard let visit else { return nil }
    if !visit.isOfPatient { return Rejection(.patientMismatch, "The appointment is another patient's.", field: "patient_id") }
    if let rejection = visit.isHistory ? nil : rejectionOfBooked(bill, takesPlace: visit.takesPlace) { return rejection }
    if bill.kind != .other && bill.state != .void && visit.hasBillOfKind {
        return Rejection(.billExists, "The appointment has a bill of this kind already.")
    }
    return nil
}

/// A visit that was booked here: fees come of themselves, and what was paid in advance may have to be given back.
private func rejectionOfBooked(_ bill: ImportedBill, takesPlace: Bool) -> Rejection? {
    switch (bill.kind, bill.state) {
    case (.fee, _): Rejection(.invalidState, "The fees of an appointment that was booked here are billed by themselves.")
    case (.consultation, .paid):
        Rejection(.invalidState, "The appointment was booked here: import its bill as OPEN, and then the payment.", field: "status")
    case (.consultation, .open) where !takesPlace: Rejection(.invalidState, "The consultation of this appointment does not take place.")
    case (.consultation, .open), (.consultation, .void), (.other, _): nil
    }
}
