import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing
import Vocabulary

/// GET /v1/reports/revenue.
@Suite(.timeLimit(.minutes(10))) struct RevenueTests {
    private func report(
        _ hospital: BillingServiceUnderTest, _ grouping: RevenueGrouping, from: String = "2026-03-01", to: String = "2026-03-31"
    ) async throws -> [RevenueReportRow] {
        let response = try await hospital.bills.reportRevenue(ReportRevenueRequest(from: from, to: to, groupBy: grouping))
        #expect(response.currency == "INR")
        return response.rows
    }

    /// One bill of each state, and a fee in another department.
    private func fill(_ hospital: BillingServiceUnderTest) async throws {
        let cardiology = (1...4).map { _ in hospital.appointments.enter(fee: 1_000) }
        _ = try await hospital.bill(cardiology[0])
        _ = try await hospital.pay(try await hospital.bill(cardiology[1]))
        let refunded = try await hospital.bill(cardiology[2])
        try await hospital.tellRefunded(refunded, by: try await hospital.pay(refunded), sum: 50)
        _ = try await hospital.void(try await hospital.bill(cardiology[3]))
        let surgery = hospital.appointments.enter(fee: 2_000, department: "Surgery")
        try await hospital.tell("no_show", surgery, feePercent: 100)
    }

    @Test func `by kind: billed, tax, paid, refunded and outstanding, without what is VOID`() async throws {
        try await withBilling { hospital in
            try await fill(hospital)
            #expect(
                try await report(hospital, .kind) == [
                    RevenueReportRow(
                        group: "CONSULTATION", bills: 3, billed: 3_150, tax: 150, paid: 2_100, refunded: 50, outstanding: 1_050,
                        voided: 1_050),
                    RevenueReportRow(group: "NO_SHOW_FEE", bills: 1, billed: 2_100, tax: 100, paid: 0, refunded: 0, outstanding: 2_100),
                ])
        }
    }

    @Test func `by department: as the appointment's was`() async throws {
        try await withBilling { hospital in
            try await fill(hospital)
            let rows = try await report(hospital, .department)
            #expect(rows.map(\.group) == ["Cardiology", "Surgery"] && rows.map(\.billed) == [3_150, 2_100])
        }
    }

    @Test func `by day: the day on which a bill was made, as the clinic's calendar shows it`() async throws {
        try await withBilling { hospital in
            let midnight = try #require(Instant(rfc3339: "2026-03-05T00:00:00+05:30"))
            for offset in [-1, 0, 1] as [Int64] {
                hospital.hospital.clock.now = midnight + .milliseconds(offset)
                _ = try await hospital.billOther(hospital.appointments.enter(), 100)
            }
            #expect(try await report(hospital, .day).map(\.group) == ["2026-03-04", "2026-03-05"])
            #expect(try await report(hospital, .day).map(\.bills) == [1, 2])
            #expect(try await report(hospital, .day, from: "2026-03-05", to: "2026-03-05").map(\.bills) == [2])
            #expect(try await report(hospital, .day, from: "2026-03-06").isEmpty)
        }
    }

    @Test(
        arguments: [
            ("2026-03-02", "2026-03-01", "to"), ("2026-01-01", "2027-01-02", "to"), ("2026-02-30", "2026-03-01", "from"),
            ("2026-03-01", "", "to"),
        ])
    func `days that are none, out of order or more than a year are refused`(from: String, to: String, field: String) async throws {
        try await withBilling { hospital in
            let refusal = await refusal { _ = try await report(hospital, .day, from: from, to: to) }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == [field])
            let longest = try await report(hospital, .day, from: "2026-01-01", to: "2027-01-01")
            #expect(longest.isEmpty)
        }
    }
}
