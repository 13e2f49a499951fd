public import Vocabulary

/// What other services know of a patient who is to be deleted.
public struct DeletionFacts: Hashable, Sendable {
    public let activeAppointments: Int
    public let openBills: Int

    public init(activeAppointments: Int, openBills: Int) {
        self.activeAppointments = activeAppointments
        self.openBills = openBills
    }
}

/// People: a patient with active appointments or OPEN bills can't be deleted. The first rule broken is the answer.
public func rejectionOfDeletion(given facts: DeletionFacts) -> Rejection? {
    if facts.activeAppointments > 0 { return Rejection(.patientHasAppointments, "The patient has active appointments.") }
    if facts.openBills > 0 { return Rejection(.patientHasOpenBills, "The patient has open bills.") }
    return nil
}
