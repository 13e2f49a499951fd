import AppointmentRules
import Contracts
import Storage
import Vocabulary

/// Whose time a booking wants, and when.
struct WantedPlace: Sendable {
    let patientID: String
    let doctorID: String
    let slot: Slot
    let day: LocalDate
}

extension Reader {
    /// What other appointments take of the patient's and the doctor's time.
    ///
    /// - Parameter moved: an appointment that is to leave its place, and is not counted.
    func takenPlaces(beside place: WantedPlace, moving moved: StoredAppointment? = nil) throws -> TakenPlaces {
        let sql = """
            SELECT
                EXISTS (SELECT 1 FROM appointments
                    WHERE patient_id = ? AND slot_start = ? AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> ?),
                EXISTS (SELECT 1 FROM appointments
                    WHERE doctor_id = ? AND slot_start = ? AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> ?),
                COALESCE((SELECT booked FROM doctor_days WHERE doctor_id = ? AND clinic_day = ?), 0)
            """
        let start = SQLValue.integer(place.slot.start.millisecondsSinceEpoch)
        let day = SQLValue.integer(place.day.daysSinceEpoch)
        let itself = SQLValue.integer(moved?.sequence ?? 0)
        let doctor = SQLValue.text(place.doctorID)
        let leaving = moved?.clinicDay == place.day ? 1 : 0
        return try row(sql, [.text(place.patientID), start, itself, doctor, start, itself, doctor, day]) { row in
            TakenPlaces(patientHasSlot: row.bool(0), doctorHasSlot: row.bool(1), doctorHasThatDay: row.int(2) - leaving)
        } ?? .none
    }

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
        let counts = try rows(
            "SELECT clinic_day, booked FROM doctor_days WHERE doctor_id = ? AND clinic_day BETWEEN ? AND ?",
            [.text(doctorID), .integer(days.first.daysSinceEpoch), .integer(days.last.daysSinceEpoch)]
        ) { (LocalDate(daysSinceEpoch: $0.int64(0)), $0.int(1)) }
        return TakenSlots(starts: Set(starts), appointments: Dictionary(counts) { $0 + $1 })
    }
}

extension Transaction {
    /// Counts one more appointment of a doctor on a day.
    ///
    /// - Throws: `DOCTOR_DAILY_CAP` where the schema refuses it.
    func takePlace(of doctorID: String, on day: LocalDate) throws {
        do {
            try execute(
                """
                INSERT INTO doctor_days (doctor_id, clinic_day, booked) VALUES (?, ?, 1)
                ON CONFLICT (doctor_id, clinic_day) DO UPDATE SET booked = doctor_days.booked + 1
                """,
                [.text(doctorID), .integer(day.daysSinceEpoch)])
        } catch StorageError.checkViolation(name: "daily_cap") {
            throw Rejection.doctorDailyCap
        }
    }

    /// Counts one appointment of a doctor on a day less.
    func leavePlace(of doctorID: String, on day: LocalDate) throws {
        try execute(
            "UPDATE doctor_days SET booked = booked - 1 WHERE doctor_id = ? AND clinic_day = ?",
            [.text(doctorID), .integer(day.daysSinceEpoch)])
    }

    /// Runs a statement that takes a slot, and names the rule where one of the unique indexes refuses it.
    func keepingSlots<T>(_ statement: () throws -> T) throws -> T {
        do {
            return try statement()
        } catch StorageError.uniqueViolation(index: "active_slot_of_patient", columns: _) {
            throw Rejection.patientSlotTaken
        } catch StorageError.uniqueViolation(index: "active_slot_of_doctor", columns: _) {
            throw Rejection.doctorSlotTaken
        }
    }
}
