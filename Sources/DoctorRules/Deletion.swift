public import Vocabulary

/// People: a doctor with future active appointments can't be deleted; the caller may have them cancelled instead.
public func rejectionOfDeletion(withActiveAppointments count: Int) -> Rejection? {
    count > 0 ? Rejection(.doctorHasAppointments, "The doctor has active appointments.") : nil
}
