import AppointmentRules
import Contracts
import ServiceKit
import Storage
import Vocabulary

/// Which appointments a list holds: those that meet every condition. Nil sets none.
struct AppointmentFilter: Sendable {
    let sourceID: SourceID?
    let patientID: String?
    let doctorID: String?
    /// The whole name of the department, as it was at the booking.
    let department: FoldedText?
    let state: AppointmentState?
    /// The first clinic day.
    let from: LocalDate?
    /// The last clinic day.
    let to: LocalDate?
}

extension Reader {
    func appointments(matching filter: AppointmentFilter, in list: AppointmentList) throws -> ListPage<StoredAppointment> {
        switch list {
        case .newest(let page): try appointments(matching: filter, on: page)
        case .bySlot(let page): try appointments(matching: filter, on: page)
        }
    }

    private func appointments(matching filter: AppointmentFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredAppointment> {
        var conditions = ListConditions(before: page.position)
        for condition in [filter.withSourceID, filter.patient, filter.doctor].compactMap({ $0 }) {
            conditions.require(condition.sql, condition.arguments)
        }
        if let stretch = filter.shortStretch { conditions.requireStretch(stretch.sql, stretch.arguments) }
        for condition in [try filter.withStatus, filter.inDepartment].compactMap({ $0 }) {
            conditions.require(condition.sql, condition.arguments)
        }
        if let period = filter.period { conditions.check(period.sql, period.arguments) }
        return try newest(page, where: conditions)
    }

    private func appointments(matching filter: AppointmentFilter, on page: PageRequest<SlotOrder>) throws -> ListPage<StoredAppointment> {
        let conditions = try filter.bySlot(after: page.position)
        let found = try rows(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE \(conditions.map(\.sql).joined(separator: " AND ")) ORDER BY slot_start, seq LIMIT ?
            """,
            conditions.flatMap(\.arguments) + [.integer(Int64(page.limit))], StoredAppointment.init)
        return page.page(of: found, SlotOrder.init)
    }
}

/// A condition of a list, with what its parameters hold.
private struct Condition {
    let sql: String
    let arguments: [SQLValue]

    /// The same, but no index is looked for: it is asked of each row that another condition finds.
    var checked: Condition { Condition(sql: "CASE WHEN \(sql) THEN 1 ELSE 0 END = 1", arguments: arguments) }
}

extension AppointmentFilter {
    fileprivate var withSourceID: Condition? {
        sourceID.map {
            Condition(
                sql: "seq = (SELECT appointment_seq FROM appointment_sources WHERE source = ? AND source_id = ?)",
                arguments: [.text($0.source), .text($0.value)])
        }
    }

    fileprivate var patient: Condition? {
        patientID.map { Condition(sql: "patient_id = ?", arguments: [.text($0)]) }
    }

    fileprivate var doctor: Condition? {
        doctorID.map { Condition(sql: "doctor_id = ?", arguments: [.text($0)]) }
    }

    fileprivate var withStatus: Condition? {
        get throws {
            try state.map { Condition(sql: "status = ?", arguments: [.text(try AppointmentStatus($0).storedWord)]) }
        }
    }

    fileprivate var inDepartment: Condition? {
        department.map { Condition(sql: "department_folded = ?", arguments: [.text($0.text)]) }
    }

    /// The starts of a month, which holds few enough appointments to look at all of them; nil for years, or all that is to
    /// come: most of the list.
    fileprivate var shortStretch: Condition? { isShort ? stretch(from: nil) : nil }

    private var isShort: Bool {
        guard let from, let to else { return false }
        return to.daysSinceEpoch - from.daysSinceEpoch <= 31
    }

    fileprivate var period: Condition? {
        switch (from?.daysSinceEpoch, to?.daysSinceEpoch) {
        case (let from?, let to?): Condition(sql: "clinic_day BETWEEN ? AND ?", arguments: [.integer(from), .integer(to)])
        case (let from?, nil): Condition(sql: "clinic_day >= ?", arguments: [.integer(from)])
        case (nil, let to?): Condition(sql: "clinic_day <= ?", arguments: [.integer(to)])
        case (nil, nil): nil
        }
    }

    /// What finds few rows is looked up, and they are sorted; else the list is gone through by start, of the doctor's
    /// alone where he is named.
    fileprivate func bySlot(after position: SlotOrder?) throws -> [Condition] {
        let withStatus = try withStatus
        let few = withSourceID ?? patient ?? (doctor == nil && state?.isActive == true ? withStatus : nil)
        let all = [patient, doctor, withStatus, inDepartment, period].compactMap { $0?.checked }
        let rest = Condition(
            sql: "(slot_start, seq) > (?, ?)", arguments: [.integer(position?.start ?? .min), .integer(position?.sequence ?? 0)])
        guard let few else { return [doctor, stretch(from: position?.start)].compactMap { $0 } + [rest.checked] + all }
        return [few, stretch(from: position?.start).checked, rest.checked] + all
    }

    /// The starts of the slots that may follow: no clinic's day begins a day before that of UTC, or ends a day after it.
    private func stretch(from start: Int64?) -> Condition {
        let first = from.map { ($0.daysSinceEpoch - 1) * Self.dayLength } ?? .min
        let end = to.map { ($0.daysSinceEpoch + 2) * Self.dayLength } ?? .max
        return Condition(sql: "slot_start >= ? AND slot_start < ?", arguments: [.integer(max(first, start ?? .min)), .integer(end)])
    }

    private static let dayLength: Int64 = 86_400_000
}
