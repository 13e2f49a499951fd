import AppointmentRules
import Contracts
import RPC
import ServiceKit
import Vocabulary

/// What the patient and the doctor service have said for one booking.
struct GatheredFacts: Sendable {
    /// Nil where there is none, or where nobody has asked.
    let patient: Patient?
    let doctor: DoctorAvailability?
    /// When the question was asked; the answers are not older.
    let gatheredAt: ContinuousClock.Instant

    /// Older facts are not booked upon.
    ///
    /// A patient or doctor service that wants to commit what no booking may meet holds bookings for
    /// ``BookingHold/length`` and commits within ``BookingHold/timeToCommit``. So what was asked before such a commit comes
    /// too late for a booking once the hold is over.
    static let bestBefore: Duration = .seconds(4)

    func requireFresh() throws(RPCError) {
        guard .now - gatheredAt <= Self.bestBefore else {
            throw RPCError.unavailable("The booking took too long and was not made.", retryAfter: .seconds(1))
        }
    }

    func booking(_ places: TakenPlaces, _ calendar: ClinicCalendar) -> BookingFacts {
        BookingFacts(
            patient: patient.map { BookedPatient(isActive: $0.status == .active) }, doctor: doctor.map { BookedDoctor($0) }, places: places,
            calendar: calendar)
    }

    /// What a consultation costs: the doctor's own fee, or else the clinic's.
    func consultationFee(orElse clinicsFee: Int64) -> Int64 {
        doctor?.doctor?.consultationFee ?? clinicsFee
    }
}

extension BookedDoctor {
    init(_ availability: DoctorAvailability) {
        self.init(
            isActive: availability.doctor?.status == .active, department: availability.doctor?.department ?? "",
            workingHours: availability.workingHours.compactMap { Vocabulary.WorkingHours($0) },
            leaves: availability.leaves.compactMap { Leave($0) })
    }
}

extension BookedDoctor.Leave {
    fileprivate init?(_ message: LeaveMessage) {
        guard let start = message.start?.instant, let end = message.end?.instant else { return nil }
        self.init(start: start, end: end)
    }
}

extension Vocabulary.WorkingHours {
    /// Nil where the weekday or a time is none.
    fileprivate init?(_ message: WorkingHoursMessage) {
        guard let weekday = Vocabulary.Weekday(rawValue: Int(message.weekday.rawValue)), let start = TimeOfDay(message.start),
            let end = TimeOfDay(message.end)
        else { return nil }
        self.init(weekday: weekday, start: start, end: end)
    }
}
