public import Vocabulary

/// People: leave over active appointments is refused; the caller may have them cancelled instead.
public func rejectionOfLeave(overActiveAppointments count: Int) -> Rejection? {
    count > 0 ? Rejection(.leaveConflict, "The doctor has active appointments in this time.") : nil
}
