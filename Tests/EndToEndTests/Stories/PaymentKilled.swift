import HospitalClient
import PlainText
import Testing

extension Stories {
    /// The payment service is killed when the provider has the money and billing does not know yet.
    @Suite struct PaymentKilled {
        @Test func `a payment that the provider captured makes its bill paid, whoever dies in between`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            // The provider says nothing in time, and has captured when it is asked later.
            let pending = try await clinic.pay(bill, reference: "LATE-\(visit)", key: "late-\(visit)").body(201)
            #expect(pending[text: "status"] == "PENDING")
            clinic.kill("payment")
            try await clinic.billing.post("/v1/bills/\(bill[text: "bill_id"])/void", ["reason": "gave up"])
                .expect(409, "PAYMENT_IN_PROGRESS")
            let paid = try await clinic.bill("CONSULTATION", of: visit, "PAID")
            let payment = try await found("the payment is captured") {
                let reply = try await clinic.billing.get("/v1/payments/\(pending[text: "payment_id"])")
                return reply.body?[text: "status"] == "CAPTURED" ? reply.body : nil
            }
            #expect(payment[number: "amount"] == paid[number: "amount"])
            let again = try await clinic.pay(bill, reference: "LATE-\(visit)", key: "late-\(visit)").body(201)
            #expect(again[text: "payment_id"] == payment[text: "payment_id"])
            try await clinic.expectNews("payment.captured", to: patient)
        }

        @Test func `a payment that the provider never answered and never took leaves the bill open`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            let pending = try await clinic.pay(bill, reference: "TIMEOUT-\(visit)").body(201)
            try await eventually("the payment has failed") {
                try await clinic.payment(pending[text: "payment_id"])[text: "status"] == "FAILED"
            }
            #expect(try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "OPEN")
            #expect(try await clinic.pay(bill).body(201)[text: "status"] == "CAPTURED")
        }

        @Test func `a declined payment fails at once and leaves the bill open`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            let declined = try await clinic.pay(bill, reference: "DECLINE-\(visit)").body(201)
            #expect(declined[text: "status"] == "FAILED" && declined[text: "failure_code"] == "DECLINED")
            try await clinic.expectNews("payment.failed", to: patient)
            #expect(try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "OPEN")
        }
    }
}
