import HospitalClient
import PlainText
import Testing

extension Stories {
    @Suite struct VoidAgainstPay {
        @Test(arguments: 1...4)
        func `when a bill is paid and made void at once, one of the two happens`(round: Int) async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            let id = bill[text: "bill_id"]
            async let payment = clinic.pay(bill)
            async let voiding = clinic.billing.post("/v1/bills/\(id)/void", ["reason": "by mistake"])
            let (paid, voided) = (try await payment, try await voiding)
            switch try await clinic.bill(id)[text: "status"] {
            case "PAID":
                #expect(try paid.body(201)[text: "status"] == "CAPTURED")
                #expect(["BILL_PAID", "PAYMENT_IN_PROGRESS"].contains(voided.code))
            case "VOID":
                #expect(voided.status == 200)
                paid.expect(409, "BILL_VOID")
            case let status:
                Issue.record("the bill is \(status)")
            }
        }
    }
}
