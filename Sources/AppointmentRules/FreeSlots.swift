public import Vocabulary

/// What one doctor's appointments take of some days.
public struct TakenSlots: Hashable, Sendable {
    /// The starts of the slots of his active appointments.
    public let starts: Set<Instant>
    /// His appointments that are not cancelled, by clinic day.
    public let appointments: [LocalDate: Int]

    public init(starts: Set<Instant>, appointments: [LocalDate: Int]) {
        self.starts = starts
        self.appointments = appointments
    }
}

/// The slots of `candidates` that a booking with this doctor would be given now, whoever the patient is.
public func freeSlots(
    of doctor: BookedDoctor, among candidates: [Slot], taken: TakenSlots, _ calendar: ClinicCalendar, at now: Instant
) -> [Slot] {
    let rules = BookingRule.allCases.filter { $0 != .activePatient && $0 != .patientSlot }
    return candidates.filter { slot in
        let places = TakenPlaces(
            patientHasSlot: false, doctorHasSlot: taken.starts.contains(slot.start),
            doctorHasThatDay: taken.appointments[calendar.day(of: slot.start)] ?? 0)
        let request = BookingRequest(slot: slot, department: doctor.department)
        let facts = BookingFacts(patient: nil, doctor: doctor, places: places, calendar: calendar)
        return firstRejection(by: rules, of: request, given: facts, at: now) == nil
    }
}

/// Nobody lists the slots of a doctor who does not exist, or has left.
public func rejectionOfListing(_ doctor: BookedDoctor?) -> Rejection? {
    guard let doctor else { return .doctorNotFound }
    return doctor.isActive ? nil : .doctorInactive
}
