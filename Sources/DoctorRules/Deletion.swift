public import Vocabulary

/// People: a doctor with future active appointments can't be deleted, unless they are cancelled as the clinic.
public func rejectionOfDeletion(cancellingAppointments: Bool, withActiveAppointments activeAppointments: Int) -> Rejection? {
    if activeAppointments > 0 && !cancellingAppointments {
        return Rejection(.doctorHasAppointments, "The doctor has active appointments.")
    }
    return nil
}
