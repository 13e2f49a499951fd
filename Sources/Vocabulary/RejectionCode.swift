/// Every "no" of the hospital's rules, by its stable name. Clients decide by these names, so none is ever renamed or reused.
public enum RejectionCode: String, CaseIterable, Hashable, Sendable {
    // General
    case invalidArgument = "INVALID_ARGUMENT"
    case versionMismatch = "VERSION_MISMATCH"
    case idempotencyKeyRequired = "IDEMPOTENCY_KEY_REQUIRED"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case idempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS"

    // People
    case patientNotFound = "PATIENT_NOT_FOUND"
    case patientInactive = "PATIENT_INACTIVE"
    case possibleDuplicate = "POSSIBLE_DUPLICATE"
    case sourceIDTaken = "SOURCE_ID_TAKEN"
    case patientHasAppointments = "PATIENT_HAS_APPOINTMENTS"
    case patientHasOpenBills = "PATIENT_HAS_OPEN_BILLS"
    case doctorNotFound = "DOCTOR_NOT_FOUND"
    case doctorInactive = "DOCTOR_INACTIVE"
    case doctorHasAppointments = "DOCTOR_HAS_APPOINTMENTS"
    case leaveNotFound = "LEAVE_NOT_FOUND"
    case leaveConflict = "LEAVE_CONFLICT"
    case scheduleConflict = "SCHEDULE_CONFLICT"
    case accessReasonRequired = "ACCESS_REASON_REQUIRED"

    // Booking
    case invalidSlot = "INVALID_SLOT"
    case outsideClinicHours = "OUTSIDE_CLINIC_HOURS"
    case leadTimeTooShort = "LEAD_TIME_TOO_SHORT"
    case departmentMismatch = "DEPARTMENT_MISMATCH"
    case doctorUnavailable = "DOCTOR_UNAVAILABLE"
    case patientSlotTaken = "PATIENT_SLOT_TAKEN"
    case doctorSlotTaken = "DOCTOR_SLOT_TAKEN"
    case doctorDailyCap = "DOCTOR_DAILY_CAP"

    // The states of an appointment
    case appointmentNotFound = "APPOINTMENT_NOT_FOUND"
    case invalidState = "INVALID_STATE"
    case appointmentNotStarted = "APPOINTMENT_NOT_STARTED"
    case appointmentStarted = "APPOINTMENT_STARTED"
    case noShowTooEarly = "NO_SHOW_TOO_EARLY"
    case checkInWindow = "CHECK_IN_WINDOW"
    case undoTooLate = "UNDO_TOO_LATE"
    case rescheduleLimit = "RESCHEDULE_LIMIT"
    case rescheduleTooLate = "RESCHEDULE_TOO_LATE"
    case sameSlot = "SAME_SLOT"
    case pastVisitNotFinal = "PAST_VISIT_NOT_FINAL"

    // Billing and payment
    case billNotFound = "BILL_NOT_FOUND"
    case billExists = "BILL_EXISTS"
    case billPaid = "BILL_PAID"
    case billVoid = "BILL_VOID"
    case paymentInProgress = "PAYMENT_IN_PROGRESS"
    case paymentNotFound = "PAYMENT_NOT_FOUND"
    case amountMismatch = "AMOUNT_MISMATCH"
    case referenceTaken = "REFERENCE_TAKEN"
    case refundTooLarge = "REFUND_TOO_LARGE"

    // Prescriptions and notifications
    case prescriptionNotFound = "PRESCRIPTION_NOT_FOUND"
    case appointmentNotEligible = "APPOINTMENT_NOT_ELIGIBLE"
    case patientMismatch = "PATIENT_MISMATCH"
    case doctorMismatch = "DOCTOR_MISMATCH"
    case allergyConflict = "ALLERGY_CONFLICT"
    case notificationNotFound = "NOTIFICATION_NOT_FOUND"
    case channelMissing = "CHANNEL_MISSING"
    case webhookNotFound = "WEBHOOK_NOT_FOUND"
    case deliveryNotFound = "DELIVERY_NOT_FOUND"
    case webhookLimit = "WEBHOOK_LIMIT"
    case eventNotFound = "EVENT_NOT_FOUND"
}

extension RejectionCode {
    /// What sort of "no" a code is. It alone decides the RPC status, and with it the HTTP status.
    public enum Kind: Hashable, Sendable {
        /// The request is malformed: 400.
        case invalid
        /// The caller may not, as he asks: 403.
        case forbidden
        /// There is no such record: 404.
        case notFound
        /// The request is fine, but something that exists stands against it: 409.
        case conflict
        /// The caller has read an older version: 412.
        case versionMismatch
        /// A rule says no, whatever else exists: 422.
        case unprocessable
    }

    public var kind: Kind {
        switch self {
        case .invalidArgument, .idempotencyKeyRequired:
            .invalid
        case .accessReasonRequired:
            .forbidden
        case .patientNotFound, .doctorNotFound, .leaveNotFound, .appointmentNotFound, .billNotFound, .paymentNotFound,
            .prescriptionNotFound, .notificationNotFound, .webhookNotFound, .deliveryNotFound,
            .eventNotFound:
            .notFound
        case .versionMismatch:
            .versionMismatch
        case .invalidSlot, .outsideClinicHours, .leadTimeTooShort, .departmentMismatch, .rescheduleLimit, .rescheduleTooLate,
            .pastVisitNotFinal, .amountMismatch, .refundTooLarge, .patientMismatch, .doctorMismatch, .channelMissing,
            .idempotencyKeyReused:
            .unprocessable
        case .idempotencyInProgress, .patientInactive, .possibleDuplicate, .sourceIDTaken, .patientHasAppointments, .patientHasOpenBills,
            .doctorInactive, .doctorHasAppointments, .leaveConflict, .scheduleConflict, .doctorUnavailable, .patientSlotTaken,
            .doctorSlotTaken, .doctorDailyCap, .invalidState, .appointmentNotStarted, .appointmentStarted, .noShowTooEarly,
            .checkInWindow, .undoTooLate, .sameSlot, .billExists, .billPaid,
            .billVoid,
            .paymentInProgress, .referenceTaken, .appointmentNotEligible, .allergyConflict,
            .webhookLimit:
            .conflict
        }
    }
}
