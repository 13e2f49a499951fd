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

/// A slot that can be booked now, where a doctor has the time (booking rules 3–5).
public struct OfferedSlot: Hashable, Sendable {
    public let slot: Slot
    /// Its day on the clinic's calendar.
    public let day: LocalDate

    /// Nil where no doctor can be booked in it.
    public init?(_ slot: Slot, _ calendar: ClinicCalendar, at now: Instant) {
        let request = BookingRequest(slot: slot, department: "")
        let facts = BookingFacts(patient: nil, doctor: nil, places: .none, calendar: calendar)
        guard firstRejection(by: [.grid, .clinicHours, .leadTime], of: request, given: facts, at: now) == nil else { return nil }
        self.slot = slot
        day = calendar.day(of: slot.start)
    }
}

/// Whether a booking with this doctor would be given the slot, whoever the patient is: the rest of the booking rules. The
/// doctor's department is his own, and the patient's time is not known.
public func isFree(
    _ offered: OfferedSlot, of doctor: BookedDoctor, taken: TakenSlots, _ calendar: ClinicCalendar, at now: Instant
) -> Bool {
    let places = TakenPlaces(
        patientHasSlot: false, doctorHasSlot: taken.starts.contains(offered.slot.start),
        doctorHasThatDay: taken.appointments[offered.day] ?? 0)
    let request = BookingRequest(slot: offered.slot, department: doctor.department)
    let facts = BookingFacts(patient: nil, doctor: doctor, places: places, calendar: calendar)
    return firstRejection(by: [.activeDoctor, .doctorSlot, .dailyCap, .doctorAvailable], of: request, given: facts, at: now) == nil
}

/// The slots of `candidates` that a booking with this doctor would be given now.
public func freeSlots(
    of doctor: BookedDoctor, among candidates: [Slot], taken: TakenSlots, _ calendar: ClinicCalendar, at now: Instant
) -> [Slot] {
    candidates
        .compactMap { OfferedSlot($0, calendar, at: now) }
        .filter { isFree($0, of: doctor, taken: taken, calendar, at: now) }
        .map(\.slot)
}

/// Nobody lists the slots of a doctor who does not exist, or has left.
public func rejectionOfListing(_ doctor: BookedDoctor?) -> Rejection? {
    guard let doctor else { return .doctorNotFound }
    return doctor.isActive ? nil : .doctorInactive
}
