import AppointmentRules
import Contracts
import RPC
import ServiceKit
import Storage
import Vocabulary

/// Whose time a booking wants, and when.
struct WantedPlace: Sendable {
    let patientID: String
    let doctorID: String
    let slot: Slot
    let day: LocalDate
}

extension WantedPlace {
    fileprivate func obstacleArguments(moving moved: StoredAppointment?) -> [SQLValue] {
        let (start, end) = (SQLValue.integer(slot.start.millisecondsSinceEpoch), SQLValue.integer(slot.end.millisecondsSinceEpoch))
        let itself = SQLValue.integer(moved?.sequence ?? 0)
        let (patient, doctor) = (SQLValue.text(patientID), SQLValue.text(doctorID))
        return [
            patient, start, itself, doctor, start, itself, .integer(day.daysSinceEpoch), doctor, patient, doctor, end, start,
        ]
    }
}

/// What stands in the way of an appointment in some place.
struct Obstacles: Sendable {
    let taken: TakenPlaces
    /// Whether somebody has asked that no booking be made there for a while.
    let isHeld: Bool

    /// - Throws: `UNAVAILABLE` while a doctor or a patient service is about to commit what the appointment may not meet.
    func requireNoHold() throws(RPCError) {
        guard isHeld else { return }
        throw RPCError.unavailable("The patient or the doctor is about to change.", retryAfter: .seconds(1))
    }
}

extension Reader {
    /// What stands in the way of an appointment in `place`. Holds are of the database's clock, last for seconds, and are mostly
    /// none: they are counted with the rest, and looked at only where there are some.
    ///
    /// - Parameter moved: an appointment that is to leave its place, and is not counted.
    func obstacles(in place: WantedPlace, moving moved: StoredAppointment? = nil, _ calendar: ClinicCalendar) throws -> Obstacles {
        let leaving = moved?.clinicDay == place.day ? 1 : 0
        let found = try row(Self.obstaclesSQL, place.obstacleArguments(moving: moved)) { row in
            let taken = TakenPlaces(patientHasSlot: row.bool(0), doctorHasSlot: row.bool(1), doctorHasThatDay: row.int(2) - leaving)
            return (taken: taken, hasHolds: row.bool(3))
        }
        guard let found else { return Obstacles(taken: .none, isHeld: false) }
        return Obstacles(taken: found.taken, isHeld: try found.hasHolds && isHeld(place, calendar))
    }

    private static let obstaclesSQL = """
        SELECT
            EXISTS (SELECT 1 FROM appointments
                WHERE patient_id = ? AND slot_start = ? AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> ?),
            EXISTS (SELECT 1 FROM appointments
                WHERE doctor_id = ? AND slot_start = ? AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> ?),
            COALESCE((SELECT scheduled + checked_in + completed + no_show FROM doctor_days
                WHERE clinic_day = ? AND doctor_id = ?), 0),
            EXISTS (SELECT 1 FROM booking_holds
                WHERE person_id IN (?, ?) AND expires_at > (SELECT milliseconds FROM hms_clock) AND from_at < ? AND to_at > ?)
        """

    /// What a doctor's appointments take of some days.
    func takenSlots(of doctorID: String, on days: DayRange) throws -> TakenSlots {
        let period = days.period
        let starts = try rows(
            """
            SELECT slot_start FROM appointments
            WHERE doctor_id = ? AND slot_start >= ? AND slot_start < ? AND status IN ('SCHEDULED', 'CHECKED_IN')
            """,
            [.text(doctorID), .integer(period.start.millisecondsSinceEpoch), .integer(period.end.millisecondsSinceEpoch)]
        ) { Instant(millisecondsSinceEpoch: $0.int64(0)) }
        return TakenSlots(starts: Set(starts), appointments: try appointmentCounts(of: doctorID, on: days))
    }
}

extension Transaction {
    /// Runs statements that take a place, the last of them one that is waited for, and names the rule where the schema refuses it.
    @discardableResult
    func keepingPlaces<T>(_ statements: () throws -> T) throws -> T {
        do {
            return try statements()
        } catch StorageError.uniqueViolation(index: "active_slot_of_patient", columns: _) {
            throw Rejection.patientSlotTaken
        } catch StorageError.uniqueViolation(index: "active_slot_of_doctor", columns: _) {
            throw Rejection.doctorSlotTaken
        } catch StorageError.checkViolation(name: "daily_cap") {
            throw Rejection.doctorDailyCap
        }
    }
}
