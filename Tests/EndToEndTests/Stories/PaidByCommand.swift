import HMSTestKit
import PlainText
import ProcessDriving
import Supervision
import Testing

extension Stories {
    @Suite struct PaidByCommand {
        @Test func `a bill is paid past REST too, once, with the key that a payment needs`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            let request: JSONValue = ["bill_id": .string(bill[text: "bill_id"]), "amount": try #require(bill["amount"]), "method": "CASH"]
            let call = ["call", "--data", clinic.hospital.data.path, "hms.payment.v1.PaymentService/CreatePayment", request.compact]
            #expect(try await CommandRun(Clinic.executable, call).status == 103)
            let key = ["-H", "Idempotency-Key: \(bill[text: "bill_id"])"]
            let first = try await CommandRun(Clinic.executable, call + key)
            #expect(first.status == 0 && first.output.contains("CAPTURED"), "\(first.output)")
            #expect(try await CommandRun(Clinic.executable, call + key).output == first.output)
            #expect(try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "PAID")
            #expect(try await CommandRun(Clinic.executable, call + key + key).status == 64)
        }
    }
}
