public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Sums the bills that were made on some days of the clinic's calendar.
    public func reportRevenue(_ request: ReportRevenueRequest, _ context: CallContext) async throws -> ReportRevenueResponse {
        let asked = try AskedRevenue(request)
        let rows = try await database.scan { try $0.revenue(from: asked.first, to: asked.last, by: asked.grouping) }
        return ReportRevenueResponse(rows: rows, currency: clinic.currency)
    }
}

private struct AskedRevenue: Sendable {
    let first: LocalDate
    let last: LocalDate
    let grouping: RevenueGroup

    private static let longestStretchInDays: Int64 = 365

    /// - Throws: `INVALID_ARGUMENT` naming the field.
    init(_ request: ReportRevenueRequest) throws(Rejection) {
        guard let first = LocalDate(request.from) else { throw Rejection(invalid: [.init(field: "from", sentence: "must be a date")]) }
        guard let last = LocalDate(request.to) else { throw Rejection(invalid: [.init(field: "to", sentence: "must be a date")]) }
        let days = last.daysSinceEpoch - first.daysSinceEpoch
        guard days >= 0 else { throw Rejection(invalid: [.init(field: "to", sentence: "must not be before from")]) }
        guard days <= Self.longestStretchInDays else {
            throw Rejection(invalid: [.init(field: "to", sentence: "must be at most 365 days after from")])
        }
        self.first = first
        self.last = last
        grouping = try request.groupBy.group()
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
