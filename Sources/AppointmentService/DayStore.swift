import AppointmentRules
import Contracts
import Storage
import Vocabulary

/// Which counter of a doctor's day an appointment is in: that of its status, where visits of the past have their own.
enum DayCounter: String, CaseIterable {
    case scheduled
    case checkedIn = "checked_in"
    case completed
    case cancelled
    case noShow = "no_show"
    case pastCompleted = "history_completed"
    case pastCancelled = "history_cancelled"
    case pastNoShow = "history_no_show"

    /// - Throws: where the appointment is what the schema's checks keep out.
    init(of appointment: Appointment) throws(StorageError) {
        switch (appointment.status.state, appointment.imported) {
        case (.scheduled, false): self = .scheduled
        case (.checkedIn, false): self = .checkedIn
        case (.completed, let isPast): self = isPast ? .pastCompleted : .completed
        case (.cancelled, let isPast): self = isPast ? .pastCancelled : .cancelled
        case (.noShow, let isPast): self = isPast ? .pastNoShow : .noShow
        case (.scheduled, true), (.checkedIn, true), (nil, _): throw .unexpectedValue(column: "status")
        }
    }
}

extension Transaction {
    /// Counts an appointment on the day of its doctor; within ``keepingPlaces(_:)``, because the schema may refuse it.
    func count(_ appointment: Appointment, on day: LocalDate) throws {
        let counter = try DayCounter(of: appointment).rawValue
        try enqueue(
            """
            INSERT INTO doctor_days (clinic_day, doctor_id, \(counter)) VALUES (?, ?, 1)
            ON CONFLICT (clinic_day, doctor_id) DO UPDATE SET \(counter) = doctor_days.\(counter) + 1
            """,
            [.integer(day.daysSinceEpoch), .text(appointment.doctorID)])
    }

    /// Counts an appointment as what it has become, and where it is now; as ``count(_:on:)``.
    func recount(_ stored: StoredAppointment, as appointment: Appointment, on day: LocalDate) throws {
        let (before, after) = (try DayCounter(of: stored.appointment), try DayCounter(of: appointment))
        if before == after && stored.clinicDay == day { return }
        try enqueue(
            "UPDATE doctor_days SET \(before.rawValue) = \(before.rawValue) - 1 WHERE clinic_day = ? AND doctor_id = ?",
            [.integer(stored.clinicDay.daysSinceEpoch), .text(appointment.doctorID)])
        try count(appointment, on: day)
    }
}

extension Reader {
    func clinicDay(_ day: LocalDate) throws -> ClinicDay {
        try row(
            """
            SELECT count(*), coalesce(sum(scheduled), 0), coalesce(sum(checked_in), 0), coalesce(sum(completed), 0),
                coalesce(sum(no_show), 0), coalesce(sum(cancelled), 0)
            FROM doctor_days WHERE clinic_day = ?
            """, [.integer(day.daysSinceEpoch)]
        ) { row in
            ClinicDay(
                doctors: row.int(0), scheduled: row.int(1), checkedIn: row.int(2), completed: row.int(3), noShows: row.int(4),
                cancelled: row.int(5))
        } ?? ClinicDay()
    }

    /// A doctor's appointments that are not cancelled, by day; none of days without any.
    func appointmentCounts(of doctorID: String, on days: DayRange) throws -> [LocalDate: Int] {
        var counts: [LocalDate: Int] = [:]
        for day in days.days {
            counts[LocalDate(daysSinceEpoch: day)] = try row(
                "SELECT scheduled + checked_in + completed + no_show FROM doctor_days WHERE clinic_day = ? AND doctor_id = ?",
                [.integer(day), .text(doctorID)]
            ) { $0.int(0) }
        }
        return counts
    }
}
