public import Vocabulary

/// The rules of booking, in the order in which they are checked.
public enum BookingRule: Int, CaseIterable, Hashable, Sendable {
    case activePatient = 1
    case activeDoctor
    case grid
    case clinicHours
    case leadTime
    case department
    case doctorAvailable
    case patientSlot
    case doctorSlot
    case dailyCap

    /// How long before its start a slot can be booked, at the latest.
    public static let minimumLeadTime = Duration.seconds(2 * 3_600)
    /// How many appointments that are not cancelled a doctor has on one clinic day, at most.
    public static let appointmentsPerDay = 8
}

/// A booking. The first rule broken is the answer.
public func rejection(of request: BookingRequest, given facts: BookingFacts, at now: Instant) -> Rejection? {
    firstRejection(by: BookingRule.allCases, of: request, given: facts, at: now)
}

func firstRejection(
    by rules: some Sequence<BookingRule>, of request: BookingRequest, given facts: BookingFacts, at now: Instant
) -> Rejection? {
    for rule in rules {
        if let rejection = rule.rejection(of: request, given: facts, at: now) { return rejection }
    }
    return nil
}

extension BookingRule {
    /// Nil where the rule is kept, and where nothing can be said because there is no such doctor.
    func rejection(of request: BookingRequest, given facts: BookingFacts, at now: Instant) -> Rejection? {
        switch self {
        case .activePatient: rejection(of: facts.patient)
        case .activeDoctor: rejection(of: facts.doctor)
        case .grid: request.isExact && facts.calendar.isOnGrid(request.slot) ? nil : .invalidSlot
        case .clinicHours: facts.calendar.isInClinicHours(request.slot) ? nil : .outsideClinicHours
        case .leadTime: request.slot.start - now >= Self.minimumLeadTime ? nil : .leadTimeTooShort
        case .department: isDepartment(request.department, of: facts.doctor) ? nil : .departmentMismatch
        case .doctorAvailable: isAvailable(facts.doctor, in: request.slot, facts.calendar) ? nil : .doctorUnavailable
        case .patientSlot: facts.places.patientHasSlot ? .patientSlotTaken : nil
        case .doctorSlot: facts.places.doctorHasSlot ? .doctorSlotTaken : nil
        case .dailyCap: facts.places.doctorHasThatDay < Self.appointmentsPerDay ? nil : .doctorDailyCap
        }
    }

    private func rejection(of patient: BookedPatient?) -> Rejection? {
        guard let patient else { return .patientNotFound }
        return patient.isActive ? nil : .patientInactive
    }

    private func rejection(of doctor: BookedDoctor?) -> Rejection? {
        guard let doctor else { return .doctorNotFound }
        return doctor.isActive ? nil : .doctorInactive
    }

    private func isDepartment(_ department: String, of doctor: BookedDoctor?) -> Bool {
        guard let doctor else { return true }
        return FoldedText(department) == FoldedText(doctor.department)
    }

    private func isAvailable(_ doctor: BookedDoctor?, in slot: Slot, _ calendar: ClinicCalendar) -> Bool {
        guard let doctor else { return true }
        return calendar.isCovered(slot, by: doctor.workingHours) && !doctor.leaves.contains { slot.overlaps(from: $0.start, to: $0.end) }
    }
}
