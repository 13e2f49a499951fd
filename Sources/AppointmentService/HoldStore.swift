import Contracts
import ServiceKit
import Storage
import Vocabulary

/// The appointments of one person that lie at least partly in a stretch of time, and at least partly outside some weekly
/// hours where these are given.
struct AppointmentsInTime: Sendable {
    enum Person: Sendable {
        case patient(String)
        case doctor(String)
    }

    let person: Person
    /// Milliseconds since 1970; the beginning of time where nothing is set.
    let from: Int64
    /// Milliseconds since 1970; the end of time where nothing is set.
    let to: Int64
    private let outside: WeeklyHours?

    /// - Throws: `INVALID_ARGUMENT` where one of them is given and is no time to the millisecond: it must not stand for all.
    init(_ person: Person, from: ProtobufTimestamp?, to: ProtobufTimestamp?) throws(Rejection) {
        try self.init(person, from: from, to: to, outside: nil)
    }

    /// - Throws: as ``init(_:from:to:)``.
    init(
        _ person: Person, from: ProtobufTimestamp?, to: ProtobufTimestamp?, outside hours: HoursOfWeek?, _ calendar: ClinicCalendar
    ) throws(Rejection) {
        let outside = hours.map { WeeklyHours(hours: $0.workingHours.compactMap { Vocabulary.WorkingHours($0) }, calendar: calendar) }
        try self.init(person, from: from, to: to, outside: outside)
    }

    private init(_ person: Person, from: ProtobufTimestamp?, to: ProtobufTimestamp?, outside: WeeklyHours?) throws(Rejection) {
        self.person = person
        self.outside = outside
        self.from = try from?.exactInstant("from").millisecondsSinceEpoch ?? -Self.endOfTime
        self.to = try to?.exactInstant("to").millisecondsSinceEpoch ?? Self.endOfTime
    }

    private struct WeeklyHours: Sendable {
        let hours: [Vocabulary.WorkingHours]
        let calendar: ClinicCalendar
    }

    /// The hours as a hold keeps them.
    fileprivate var storedHours: String? {
        outside?.hours.map { "\($0.weekday.rawValue) \($0.start.minutesSinceMidnight) \($0.end.minutesSinceMidnight)" }
            .joined(separator: ",")
    }

    /// Whether an appointment in this time is one of them.
    fileprivate func include(_ stored: StoredAppointment) -> Bool {
        guard let outside, let slot = stored.appointment.slot else { return true }
        return !outside.calendar.isCovered(slot, by: outside.hours)
    }

    /// After the year 9999, and far enough from overflow.
    private static let endOfTime: Int64 = 1 << 50

    fileprivate var personID: String {
        switch person {
        case .patient(let id), .doctor(let id): id
        }
    }

    fileprivate var condition: String {
        switch person {
        case .patient: "patient_id = ? AND slot_start > ? AND slot_start < ? AND status IN ('SCHEDULED', 'CHECKED_IN')"
        case .doctor: "doctor_id = ? AND slot_start > ? AND slot_start < ? AND status IN ('SCHEDULED', 'CHECKED_IN')"
        }
    }

    /// A slot that ends after an instant starts less than a slot's length before it.
    fileprivate var arguments: [SQLValue] {
        [.text(personID), .integer(from - Slot.length.wholeMilliseconds), .integer(to)]
    }
}

extension Reader {
    func countActive(_ these: AppointmentsInTime) throws -> Int {
        try row("SELECT COUNT(*) FROM appointments WHERE \(these.condition)", these.arguments) { $0.int(0) } ?? 0
    }

    /// By their start.
    func active(_ these: AppointmentsInTime) throws -> [StoredAppointment] {
        try rows(
            "SELECT \(StoredAppointment.columns) FROM appointments WHERE \(these.condition) ORDER BY slot_start", these.arguments,
            StoredAppointment.init
        ).filter(these.include)
    }

    /// How many appointments of a patient have ended in what makes a bill, without billing having heard of it; none of a
    /// doctor's. An event that was given up counts: it makes the bill when somebody revives it. So does a no-show that was
    /// taken back, until billing has heard what came after it.
    func countAwaitingBills(_ these: AppointmentsInTime) throws -> Int {
        guard case .patient(let patientID) = these.person else { return 0 }
        let closings = try rows(
            """
            SELECT s.event_sequence FROM appointments a
            JOIN appointment_steps s ON s.appointment_seq = a.seq AND s.step = a.version
            WHERE a.patient_id = ? AND s.event_sequence IS NOT NULL AND (a.status = 'COMPLETED' OR a.fee_percent > 0 OR EXISTS (
                SELECT 1 FROM appointment_steps missed WHERE missed.appointment_seq = a.seq AND missed.status = 'NO_SHOW'))
            """, [.text(patientID)]
        ) { $0.int64(0) }
        return try countUndelivered(closings, to: "billing")
    }

    /// Whether somebody has asked that no booking be made in this place for a while.
    func isHeld(_ place: WantedPlace, _ calendar: ClinicCalendar) throws -> Bool {
        let holds = try rows(
            """
            SELECT hours FROM booking_holds
            WHERE person_id IN (?, ?) AND expires_at > (SELECT milliseconds FROM hms_clock) AND from_at < ? AND to_at > ?
            """,
            [
                .text(place.patientID), .text(place.doctorID), .integer(place.slot.end.millisecondsSinceEpoch),
                .integer(place.slot.start.millisecondsSinceEpoch),
            ]
        ) { row in row.textOrNil(0).map { Vocabulary.WorkingHours.list($0) } }
        return holds.contains { hours in hours.map { !calendar.isCovered(place.slot, by: $0) } ?? true }
    }
}

extension Transaction {
    /// Whether there may be such a hold, its hours not looked at.
    func pendingHold(on place: WantedPlace) throws -> PendingRow<Bool> {
        try pendingRow(
            """
            SELECT EXISTS (SELECT 1 FROM booking_holds
                WHERE person_id IN (?, ?) AND expires_at > (SELECT milliseconds FROM hms_clock) AND from_at < ? AND to_at > ?)
            """,
            [
                .text(place.patientID), .text(place.doctorID), .integer(place.slot.end.millisecondsSinceEpoch),
                .integer(place.slot.start.millisecondsSinceEpoch),
            ]
        ) { $0.bool(0) }
    }

    /// Lets no booking be made of those that these would be, for ``BookingHold/length`` by the database's clock. Holds that are
    /// over are forgotten.
    func hold(_ these: AppointmentsInTime) throws {
        try enqueue("DELETE FROM booking_holds WHERE expires_at <= (SELECT milliseconds FROM hms_clock)")
        try enqueue(
            """
            INSERT INTO booking_holds (person_id, from_at, to_at, expires_at, hours)
            VALUES (?, ?, ?, (SELECT milliseconds FROM hms_clock) + ?, ?)
            """,
            [
                .text(these.personID), .integer(these.from), .integer(these.to), .integer(BookingHold.length.wholeMilliseconds),
                SQLValue(these.storedHours),
            ])
    }
}

extension Vocabulary.WorkingHours {
    /// What ``AppointmentsInTime/storedHours`` has written.
    fileprivate static func list(_ text: String) -> [Vocabulary.WorkingHours] {
        text.split(separator: ",").compactMap { stretch in
            let numbers = stretch.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 3, let weekday = Vocabulary.Weekday(rawValue: numbers[0]),
                let start = TimeOfDay(minutesSinceMidnight: numbers[1]), let end = TimeOfDay(minutesSinceMidnight: numbers[2])
            else { return nil }
            return Vocabulary.WorkingHours(weekday: weekday, start: start, end: end)
        }
    }
}
