import Contracts
import Storage
import Vocabulary

/// Days of the clinic's calendar, and the time that they last.
struct RevenueSpan: Sendable {
    let first: LocalDate
    let last: LocalDate
    private let calendar: ClinicCalendar

    init(from first: LocalDate, to last: LocalDate, _ calendar: ClinicCalendar) {
        self.first = first
        self.last = last
        self.calendar = calendar
    }

    var start: Instant { calendar.start(of: first) }

    /// The first instant after it.
    var end: Instant { calendar.start(of: last.adding(days: 1)) }

    /// One span for each day.
    var days: [RevenueSpan] {
        (0...max(0, last.daysSinceEpoch - first.daysSinceEpoch)).map { number in
            let day = LocalDate(daysSinceEpoch: first.daysSinceEpoch + number)
            return RevenueSpan(from: day, to: day, calendar)
        }
    }
}

/// By what revenue is summed.
enum RevenueGroup: Sendable {
    case day, kind, department

    fileprivate var column: String {
        switch self {
        case .day: "''"
        case .kind: "kind"
        case .department: "department"
        }
    }
}

extension Reader {
    /// What was billed, made void, paid and given back in some days, each when it happened, by group. What is outstanding is
    /// only what these days have added to it.
    ///
    /// - Parameter withHistory: whether what was imported counts.
    func revenue(in span: RevenueSpan, by grouping: RevenueGroup, withHistory: Bool) throws -> [RevenueReportRow] {
        let name = grouping.column
        let period: [SQLValue] = [.integer(span.start.millisecondsSinceEpoch), .integer(span.end.millisecondsSinceEpoch)]
        let history = SQLValue(withHistory)
        return try rows(
            """
            SELECT name, sum(bills), sum(billed), sum(tax), sum(paid), sum(refunded), sum(voided), sum(owed) FROM (
                SELECT \(name) AS name, 1 AS bills, amount AS billed, tax, 0 AS paid, 0 AS refunded, 0 AS voided, amount AS owed
                FROM bills WHERE day BETWEEN ? AND ? AND is_imported <= ? AND (status <> 'VOID' OR ended_at IS NOT NULL)
                UNION ALL
                SELECT \(name), -1, -amount, -tax, 0, 0, amount, -amount
                FROM bills WHERE ended_at >= ? AND ended_at < ? AND CASE WHEN status = 'VOID' THEN 1 ELSE 0 END = 1 AND is_imported <= ?
                UNION ALL
                SELECT \(name), 0, 0, 0, CASE WHEN is_paid_elsewhere <= ? THEN amount ELSE 0 END, 0, 0,
                    CASE WHEN is_imported <= ? THEN -amount ELSE 0 END
                FROM bills WHERE ended_at >= ? AND ended_at < ? AND status <> 'VOID'
                UNION ALL
                SELECT \(name), 0, 0, 0, 0, r.amount, 0, 0
                FROM bill_refunds r JOIN bills ON bills.bill_id = r.bill_id WHERE r.refunded_at >= ? AND r.refunded_at < ?
            ) AS moved GROUP BY name ORDER BY name
            """,
            [.text(span.first.description), .text(span.last.description), history] + period + [history, history, history] + period + period
        ) { row in
            RevenueReportRow(
                group: row.text(0), bills: row.int64(1), billed: row.int64(2), tax: row.int64(3), paid: row.int64(4),
                refunded: row.int64(5), outstanding: row.int64(7), voided: row.int64(6))
        }
    }

    /// What was owed when some days began, by group: what is OPEN now, and what has ended since.
    func outstanding(before span: RevenueSpan, by grouping: RevenueGroup, withHistory: Bool) throws -> [String: Int64] {
        let rows = try rows(
            """
            SELECT name, sum(amount) FROM (
                SELECT \(grouping.column) AS name, amount, day, is_imported FROM bills WHERE status = 'OPEN'
                UNION ALL
                SELECT \(grouping.column), amount, day, is_imported FROM bills WHERE ended_at >= ?
            ) AS owed WHERE CASE WHEN day < ? THEN 1 ELSE 0 END = 1 AND is_imported <= ? GROUP BY name
            """, [.integer(span.start.millisecondsSinceEpoch), .text(span.first.description), SQLValue(withHistory)]
        ) { (name: $0.text(0), amount: $0.int64(1)) }
        return Dictionary(rows.map { ($0.name, $0.amount) }, uniquingKeysWith: +)
    }
}
