import Contracts
import Storage
import Vocabulary

extension Reader {
    /// Sums the bills made on these days, by group. Bills that are VOID count for nothing.
    func revenue(from first: LocalDate, to last: LocalDate, by grouping: RevenueGroup) throws -> [RevenueReportRow] {
        try rows(
            """
            SELECT \(grouping.column), count(*), sum(amount), sum(tax), sum(CASE WHEN status = 'OPEN' THEN 0 ELSE amount END),
                sum(amount_refunded), sum(CASE WHEN status = 'OPEN' THEN amount ELSE 0 END)
            FROM bills WHERE day BETWEEN ? AND ? AND status <> 'VOID'
            GROUP BY \(grouping.column) ORDER BY \(grouping.column)
            """, [.text(first.description), .text(last.description)]
        ) { row in
            RevenueReportRow(
                group: row.text(0), bills: row.int64(1), billed: row.int64(2), tax: row.int64(3), paid: row.int64(4),
                refunded: row.int64(5), outstanding: row.int64(6))
        }
    }
}

/// By what revenue is summed.
enum RevenueGroup: Sendable {
    case day, kind, department

    fileprivate var column: String {
        switch self {
        case .day: "day"
        case .kind: "kind"
        case .department: "department"
        }
    }
}
