import AppointmentRules
import Contracts
import ServiceKit
import Vocabulary

/// The two who would meet, as the patient and the doctor service have told of them, and how old that is.
struct BookingPeople: Sendable {
    /// Nil where there is none, or where nobody has asked.
    let patient: Patient?
    let doctor: DoctorAvailability?
    let age: FactsAge
    /// Whether something of it was said to another question, up to two seconds ago: nobody is refused by that.
    var isHearsay = false

    /// What a booking of theirs is judged by.
    func facts(beside places: TakenPlaces, _ calendar: ClinicCalendar) -> BookingFacts {
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
    init?(_ message: WorkingHoursMessage) {
        guard let weekday = Vocabulary.Weekday(rawValue: Int(message.weekday.rawValue)), let start = TimeOfDay(message.start),
            let end = TimeOfDay(message.end)
        else { return nil }
        self.init(weekday: weekday, start: start, end: end)
    }
}
