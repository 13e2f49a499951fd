public import Vocabulary

/// Every "no" to a booking, and its sentence.
extension Rejection {
    public static let patientNotFound = notFound(.patient, field: "patient_id")
    static let patientInactive = Rejection(.patientInactive, "The patient is inactive.", field: "patient_id")
    public static let doctorNotFound = notFound(.doctor, field: "doctor_id")
    static let doctorInactive = Rejection(.doctorInactive, "The doctor is inactive.", field: "doctor_id")
    static let invalidSlot = Rejection(
        .invalidSlot, "A slot starts on the full or the half hour of the clinic's clock, and lasts 30 minutes.", field: "slot_start")
    static let outsideClinicHours = Rejection(
        .outsideClinicHours, "The clinic sees patients from \(ClinicHours.opening) to \(ClinicHours.closing).", field: "slot_start")
    static let leadTimeTooShort = Rejection(.leadTimeTooShort, "A slot is booked at least two hours before it starts.", field: "slot_start")
    static let departmentMismatch = Rejection(.departmentMismatch, "The doctor belongs to another department.", field: "department")
    static let doctorUnavailable = Rejection(.doctorUnavailable, "The doctor does not work in this slot.", field: "slot_start")
    public static let patientSlotTaken = Rejection(
        .patientSlotTaken, "The patient has another appointment in this slot.", field: "slot_start")
    public static let doctorSlotTaken = Rejection(.doctorSlotTaken, "The doctor has another appointment in this slot.", field: "slot_start")
    public static let doctorDailyCap = Rejection(
        .doctorDailyCap, "The doctor has \(BookingRule.appointmentsPerDay) appointments on this day already.", field: "slot_start")
}

/// Every "no" to a step or a move of an appointment, and its sentence.
extension Rejection {
    static func invalidState(_ state: AppointmentState) -> Rejection {
        Rejection(.invalidState, "The appointment is \(state.words).")
    }

    static let appointmentNotStarted = Rejection(.appointmentNotStarted, "The appointment has not started.")
    static let appointmentStarted = Rejection(.appointmentStarted, "The appointment has started.")
    static let noShowTooEarly = Rejection(.noShowTooEarly, "A patient is a no-show 15 minutes after the start at the earliest.")
    static let checkInWindow = Rejection(
        .checkInWindow, "A patient checks in from 60 minutes before the start until the end of the appointment.")
    static let undoTooLate = Rejection(.undoTooLate, "A step is taken back on the day on which it was taken.")
    static let rescheduleLimit = Rejection(.rescheduleLimit, "An appointment is moved twice at most.")
    static let rescheduleTooLate = Rejection(.rescheduleTooLate, "An appointment is moved more than one hour before it starts.")
    static let sameSlot = Rejection(.sameSlot, "The appointment is in this slot already.", field: "slot_start")
}

/// Every "no" to an appointment of the past that comes from another system, and its sentence.
extension Rejection {
    static let invalidVisit = Rejection(
        .invalidSlot, "A visit ends after it begins, and at most 366 days later.", field: "slot_end")
    static let pastVisitNotFinal = Rejection(
        .pastVisitNotFinal, "A visit of the past is COMPLETED, CANCELLED or NO_SHOW, unless past_scheduled says what has become of it.",
        field: "status")
}

extension AppointmentState {
    fileprivate var words: String {
        switch self {
        case .scheduled: "scheduled"
        case .checkedIn: "checked in"
        case .completed: "completed"
        case .cancelled: "cancelled"
        case .noShow: "a no-show"
        }
    }
}
