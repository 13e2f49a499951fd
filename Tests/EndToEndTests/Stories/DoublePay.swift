import HospitalClient
import PlainText
import Testing

extension Stories {
    @Suite struct DoublePay {
        @Test func `of many who pay one bill at once exactly one does`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            let replies = try await withThrowingTaskGroup(of: APIReply.self) { group in
                for _ in 0..<8 { group.addTask { try await clinic.pay(bill) } }
                return try await group.reduce(into: [APIReply]()) { $0.append($1) }
            }
            #expect(replies.count { $0.status == 201 && $0.body?[text: "status"] == "CAPTURED" } == 1)
            #expect(replies.filter { $0.status != 201 }.allSatisfy { ["BILL_PAID", "PAYMENT_IN_PROGRESS"].contains($0.code) })
            let payments = try await clinic.billing.list("/v1/payments", [("bill_id", bill[text: "bill_id"])])
            #expect(payments.count { $0[text: "status"] == "CAPTURED" } == 1)
            #expect(payments.count { $0[text: "status"] == "PENDING" } == 0)
            #expect(try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "PAID")
            try await clinic.pay(bill).expect(409, "BILL_PAID")
        }
    }
}
