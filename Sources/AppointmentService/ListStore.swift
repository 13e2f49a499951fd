import Contracts
import Storage
import Vocabulary

/// Which appointments a list holds: those that meet every condition. Nil sets none.
struct AppointmentFilter: Sendable {
    let patientID: String?
    let doctorID: String?
    /// The whole name of the department, as it was at the booking.
    let department: FoldedText?
    let status: AppointmentStatus?
    /// The first clinic day.
    let from: LocalDate?
    /// The last clinic day.
    let to: LocalDate?
}

extension Reader {
    /// Appointments newest first, from those booked before `end`; nil begins with the newest.
    func appointments(matching filter: AppointmentFilter, before end: Int64?, limit: Int) throws -> [StoredAppointment] {
        let conditions = filter.conditions
        let sql = """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE \((["seq < ?"] + conditions.map(\.sql)).joined(separator: " AND ")) ORDER BY seq DESC LIMIT ?
            """
        return try rows(
            sql, [.integer(end ?? .max)] + conditions.flatMap(\.arguments) + [.integer(Int64(limit))], StoredAppointment.init)
    }
}

/// A condition of a list, with what its parameters hold.
private struct Condition {
    let sql: String
    let arguments: [SQLValue]

    /// The same condition where no index is looked for.
    var asFilter: Condition {
        Condition(sql: "CASE WHEN \(sql) THEN 1 ELSE 0 END = 1", arguments: arguments)
    }
}

extension AppointmentFilter {
    /// The first condition chooses the index: the one that leaves the fewest rows to look at, as only people can know. The
    /// others are written so that the database can't choose theirs.
    fileprivate var conditions: [Condition] {
        let all = [patient, shortPeriod, doctor, withStatus, inDepartment, period].compactMap { $0 }
        return all.prefix(1) + all.dropFirst().map(\.asFilter)
    }

    private var patient: Condition? {
        patientID.map { Condition(sql: "patient_id = ?", arguments: [.text($0)]) }
    }

    private var doctor: Condition? {
        doctorID.map { Condition(sql: "doctor_id = ?", arguments: [.text($0)]) }
    }

    private var withStatus: Condition? {
        status.map { Condition(sql: "status = ?", arguments: [.text($0.stored)]) }
    }

    private var inDepartment: Condition? {
        department.map { Condition(sql: "department_folded = ?", arguments: [.text($0.text)]) }
    }

    /// A month holds few enough appointments to look at all of them.
    private var shortPeriod: Condition? {
        guard let from, let to, to.daysSinceEpoch - from.daysSinceEpoch <= 31 else { return nil }
        return period
    }

    private var period: Condition? {
        switch (from?.daysSinceEpoch, to?.daysSinceEpoch) {
        case (let from?, let to?): Condition(sql: "clinic_day BETWEEN ? AND ?", arguments: [.integer(from), .integer(to)])
        case (let from?, nil): Condition(sql: "clinic_day >= ?", arguments: [.integer(from)])
        case (nil, let to?): Condition(sql: "clinic_day <= ?", arguments: [.integer(to)])
        case (nil, nil): nil
        }
    }
}
