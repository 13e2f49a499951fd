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
        var conditions = ListConditions(before: end)
        for condition in [filter.patient, filter.doctor].compactMap({ $0 }) { conditions.require(condition.sql, condition.arguments) }
        if let period = filter.shortPeriod { conditions.requireStretch(period.sql, period.arguments) }
        for condition in [filter.withStatus, filter.inDepartment].compactMap({ $0 }) {
            conditions.require(condition.sql, condition.arguments)
        }
        if let period = filter.longPeriod { conditions.check(period.sql, period.arguments) }
        return try rows(
            "SELECT \(StoredAppointment.columns) FROM appointments WHERE \(conditions.sql) ORDER BY seq DESC LIMIT ?",
            conditions.arguments + [.integer(Int64(limit))], StoredAppointment.init)
    }
}

/// A condition of a list, with what its parameters hold.
private struct Condition {
    let sql: String
    let arguments: [SQLValue]
}

extension AppointmentFilter {
    fileprivate var patient: Condition? {
        patientID.map { Condition(sql: "patient_id = ?", arguments: [.text($0)]) }
    }

    fileprivate var doctor: Condition? {
        doctorID.map { Condition(sql: "doctor_id = ?", arguments: [.text($0)]) }
    }

    fileprivate var withStatus: Condition? {
        status.map { Condition(sql: "status = ?", arguments: [.text($0.stored)]) }
    }

    fileprivate var inDepartment: Condition? {
        department.map { Condition(sql: "department_folded = ?", arguments: [.text($0.text)]) }
    }

    /// A month holds few enough appointments to look at all of them.
    fileprivate var shortPeriod: Condition? { isShort ? period : nil }

    /// Years, or all that is to come: most of the list.
    fileprivate var longPeriod: Condition? { isShort ? nil : period }

    private var isShort: Bool {
        guard let from, let to else { return false }
        return to.daysSinceEpoch - from.daysSinceEpoch <= 31
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
