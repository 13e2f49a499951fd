public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Sums what was billed, paid and given back on some days of the clinic's calendar, each on the day on which it happened
    /// (billing rule 6).
    public func reportRevenue(_ request: ReportRevenueRequest, _ context: CallContext) async throws -> ReportRevenueResponse {
        let asked = try AskedRevenue(request, calendar)
        let rows = try await database.report { reader in
            switch asked.grouping {
            case .day: try asked.rowsByDay(reader)
            case .kind, .department: try asked.rowsByGroup(reader)
            }
        }
        return ReportRevenueResponse(rows: rows, currency: resources.clinic.currency)
    }
}

private struct AskedRevenue: Sendable {
    let grouping: RevenueGroup
    private let span: RevenueSpan
    private let withHistory: Bool

    private static let mostDaysOfReport = 366

    /// - Throws: `INVALID_ARGUMENT` naming the field.
    init(_ request: ReportRevenueRequest, _ calendar: ClinicCalendar) throws(Rejection) {
        let days = try DayRange(from: request.from, to: request.to, atMost: Self.mostDaysOfReport)
        span = RevenueSpan(from: days.first, to: days.last, calendar)
        grouping = try request.groupBy.group()
        withHistory = request.includeHistory
    }

    /// A row for each group in which something happened, or is owed.
    func rowsByGroup(_ reader: Reader) throws -> [RevenueReportRow] {
        var owed = try reader.outstanding(before: span, by: grouping, withHistory: withHistory)
        var rows = try reader.revenue(in: span, by: grouping, withHistory: withHistory)
        for index in rows.indices { rows[index].outstanding += owed.removeValue(forKey: rows[index].group) ?? 0 }
        rows += owed.map { RevenueReportRow(group: $0.key, outstanding: $0.value) }
        return rows.filter(\.saysSomething).sorted { $0.group < $1.group }
    }

    /// A row for each day on which something happened. What one day leaves outstanding the next begins with.
    func rowsByDay(_ reader: Reader) throws -> [RevenueReportRow] {
        var owed = try reader.outstanding(before: span, by: .day, withHistory: withHistory).values.reduce(0, +)
        return try span.days.compactMap { day in
            guard var row = try reader.revenue(in: day, by: .day, withHistory: withHistory).first, row.saysSomething else { return nil }
            owed += row.outstanding
            row.group = day.first.description
            row.outstanding = owed
            return row
        }
    }
}

extension RevenueReportRow {
    fileprivate var saysSomething: Bool {
        [bills, billed, tax, paid, refunded, outstanding, voided].contains { $0 != 0 }
    }
}

extension RevenueGrouping {
    fileprivate func group() throws(Rejection) -> RevenueGroup {
        switch self {
        case .day: return .day
        case .kind: return .kind
        case .department: return .department
        case .unspecified, .unrecognized:
            throw Rejection(invalid: [.init(field: "group_by", sentence: "must be DAY, KIND or DEPARTMENT")])
        }
    }
}
