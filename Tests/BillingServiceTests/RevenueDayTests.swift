import Contracts
import HMSTestKit
import ProtobufJSON
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Billing rule 6: what is billed, made void, paid and given back is reported on the day on which it happened, and a day that is
/// over never changes.
@Suite(.timeLimit(.minutes(10))) struct RevenueDayTests {
    /// What a day of the report says.
    struct Day: Hashable, CustomStringConvertible {
        let day: String
        let billed: Int64
        let paid: Int64
        let refunded: Int64
        let voided: Int64
        let outstanding: Int64

        init(_ day: String, billed: Int64 = 0, paid: Int64 = 0, refunded: Int64 = 0, voided: Int64 = 0, outstanding: Int64 = 0) {
            (self.day, self.billed, self.paid) = (day, billed, paid)
            (self.refunded, self.voided, self.outstanding) = (refunded, voided, outstanding)
        }

        init(_ row: RevenueReportRow) {
            self.init(
                row.group, billed: row.billed, paid: row.paid, refunded: row.refunded, voided: row.voided, outstanding: row.outstanding)
        }

        var description: String {
            "\(day): billed \(billed), paid \(paid), refunded \(refunded), voided \(voided), outstanding \(outstanding)"
        }
    }

    private func days(_ hospital: BillingServiceUnderTest, from: String = "2026-02-01", to: String = "2026-04-30") async throws -> [Day] {
        try await report(hospital, .day, from: from, to: to).map { Day($0) }
    }

    private func report(
        _ hospital: BillingServiceUnderTest, _ grouping: RevenueGrouping, from: String, to: String, withHistory: Bool = false
    ) async throws -> [RevenueReportRow] {
        let request = ReportRevenueRequest(from: from, to: to, groupBy: grouping, includeHistory: withHistory)
        return try await hospital.bills.reportRevenue(request).rows
    }

    private func go(_ hospital: BillingServiceUnderTest, to time: String) throws {
        hospital.hospital.clock.now = try #require(Instant(rfc3339: time))
    }

    @Test func `a bill of February that is paid in March and given back in April moves in each of these months`() async throws {
        try await withBilling { hospital in
            try go(hospital, to: "2026-02-27T10:00:00+05:30")
            let bill = try await hospital.bill(hospital.appointments.enter(fee: 1_000))
            let february = Day("2026-02-27", billed: 1_050, outstanding: 1_050)
            #expect(try await days(hospital) == [february])
            try go(hospital, to: "2026-03-03T10:00:00+05:30")
            let paymentID = try await hospital.pay(bill)
            let march = Day("2026-03-03", paid: 1_050)
            #expect(try await days(hospital) == [february, march])
            for (day, sum) in [("2026-04-01", 50), ("2026-04-02", 1_050)] as [(String, Int64)] {
                try go(hospital, to: "\(day)T10:00:00+05:30")
                try await hospital.tellRefunded(bill, by: paymentID, sum: sum)
            }
            let april = [Day("2026-04-01", refunded: 50), Day("2026-04-02", refunded: 1_000)]
            #expect(try await days(hospital) == [february, march] + april)
            #expect(try await days(hospital, to: "2026-02-28") == [february])
        }
    }

    @Test func `a bill that is made void in a later month is taken off on the day on which that happened`() async throws {
        try await withBilling { hospital in
            try go(hospital, to: "2026-02-27T10:00:00+05:30")
            let bill = try await hospital.bill(hospital.appointments.enter(fee: 1_000))
            _ = try await hospital.bill(hospital.appointments.enter(fee: 100))
            let february = try await report(hospital, .kind, from: "2026-02-01", to: "2026-02-28")
            try go(hospital, to: "2026-03-03T10:00:00+05:30")
            _ = try await hospital.void(bill)
            #expect(try await report(hospital, .kind, from: "2026-02-01", to: "2026-02-28") == february)
            #expect(
                try await report(hospital, .kind, from: "2026-03-01", to: "2026-03-31") == [
                    RevenueReportRow(group: "CONSULTATION", bills: -1, billed: -1_050, tax: -50, outstanding: 105, voided: 1_050)
                ])
            #expect(
                try await report(hospital, .department, from: "2026-02-01", to: "2026-03-31") == [
                    RevenueReportRow(group: "Cardiology", bills: 1, billed: 105, tax: 5, outstanding: 105, voided: 1_050)
                ])
        }
    }

    @Test func `what is outstanding is what was owed when the last day was over, whenever it was billed`() async throws {
        try await withBilling { hospital in
            try go(hospital, to: "2026-02-27T10:00:00+05:30")
            let first = try await hospital.bill(hospital.appointments.enter(fee: 1_000))
            _ = try await hospital.bill(hospital.appointments.enter(fee: 2_000, department: "Surgery"))
            try go(hospital, to: "2026-03-03T10:00:00+05:30")
            _ = try await hospital.pay(first)
            let rows = try await report(hospital, .department, from: "2026-03-02", to: "2026-03-02")
            #expect(rows.map(\.group) == ["Cardiology", "Surgery"] && rows.map(\.outstanding) == [1_050, 2_100])
            let later = try await report(hospital, .department, from: "2026-03-03", to: "2026-03-03")
            #expect(later.map(\.group) == ["Cardiology", "Surgery"] && later.map(\.outstanding) == [0, 2_100])
            #expect(later.map(\.paid) == [1_050, 0] && later.map(\.billed) == [0, 0])
            #expect(try await days(hospital, from: "2026-03-01") == [Day("2026-03-03", paid: 1_050, outstanding: 2_100)])
        }
    }

    /// Midnights, where a day is 23, 23.5, 24, 24.5 or 25 hours long.
    @Test(
        arguments: [
            ("Asia/Kolkata", "2026-03-05T00:00:00+05:30"), ("Asia/Kathmandu", "2026-03-05T00:00:00+05:45"),
            ("America/New_York", "2026-03-08T00:00:00-05:00"), ("America/New_York", "2026-03-09T00:00:00-04:00"),
            ("America/New_York", "2026-11-01T00:00:00-04:00"), ("America/New_York", "2026-11-02T00:00:00-05:00"),
            ("Australia/Lord_Howe", "2026-04-06T00:00:00+10:30"), ("Australia/Lord_Howe", "2026-10-05T00:00:00+11:00"),
        ])
    func `a millisecond before midnight is the day before`(zone: String, midnight: String) async throws {
        let midnight = try #require(Instant(rfc3339: midnight))
        let today = try #require(ClinicCalendar(timeZone: zone)).day(of: midnight)
        let (day, before) = (today.description, today.adding(days: -1).description)
        try await withBilling({ $0.clinic.timeZone = zone }) { hospital in
            let bills = try await Self.bills(6, of: hospital, at: midnight - .days(20))
            var payments: [String] = []
            for (index, offset) in [-1, 0, 1].enumerated() {
                hospital.hospital.clock.now = midnight + .milliseconds(offset)
                payments.append(try await hospital.pay(bills[index]))
                _ = try await hospital.void(bills[index + 3])
            }
            for (index, offset) in [-1, 0, 1].enumerated() {
                hospital.hospital.clock.now = midnight + .milliseconds(offset)
                try await hospital.tellRefunded(bills[index], by: payments[index], sum: 5)
            }
            let rows = try await report(hospital, .day, from: before, to: day)
            #expect(rows.map(\.group) == [before, day])
            #expect(rows.map(\.paid) == [105, 210] && rows.map(\.refunded) == [5, 10] && rows.map(\.voided) == [105, 210])
            #expect(rows.map(\.outstanding) == [420, 0])
            let kinds = try await report(hospital, .kind, from: day, to: day)
            #expect(kinds.map(\.paid) == [210] && kinds.map(\.refunded) == [10] && kinds.map(\.voided) == [210])
        }
    }

    private static func bills(_ count: Int, of hospital: BillingServiceUnderTest, at time: Instant) async throws -> [Bill] {
        hospital.hospital.clock.now = time
        var bills: [Bill] = []
        for _ in 1...count { bills.append(try await hospital.billOther(hospital.appointments.enter(), 100)) }
        return bills
    }

    @Test func `the department is that of the booking, whatever the doctor's is afterwards`() async throws {
        try await withBilling { hospital in
            try go(hospital, to: "2026-03-03T10:00:00+05:30")
            let (visit, missed) = (hospital.appointments.enter(fee: 1_000), hospital.appointments.enter(fee: 1_000, department: "Surgery"))
            try await hospital.tell("completed", visit)
            try await hospital.tell("no_show", missed, feePercent: 100)
            let rows = try await report(hospital, .department, from: "2026-03-03", to: "2026-03-03")
            #expect(rows.map(\.group) == ["Cardiology", "Surgery"] && rows.map(\.billed) == [1_050, 1_050])
        }
    }
}
