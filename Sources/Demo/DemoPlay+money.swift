import PlainText
import SeededRandom
import Vocabulary

/// The cashier.
extension DemoPlay {
    private static let patience: Duration = .seconds(20)

    /// Most pay when they leave; a few bills stay open, and a few are made void.
    mutating func planPayment(_ visit: Int) {
        let end = visits[visit].start + .minutes(30)
        if chance(3) { return diary.note(.void(visit: visit), at: end + .minutes(10)) }
        guard chance(85) else { return }
        diary.note(.pay(visit: visit), at: end + .minutes(5))
        if chance(5) { diary.note(.refund(visit: visit), at: end + .minutes(90)) }
    }

    mutating func billInAdvance(_ visit: Int) async throws {
        _ = try await staff.billing.post(
            "/v1/bills", ["appointment_id": .string(visits[visit].id), "kind": "CONSULTATION"], key: nextKey())
    }

    mutating func pay(_ visit: Int) async throws {
        guard let bill = try await openBill(of: visit), case .integer(let amount) = bill["amount"] else { return }
        let method = ["CASH", "CARD", "CARD", "UPI", "UPI", "INSURANCE"][Int.random(in: 0..<6, using: &random)]
        let body: JSONValue = ["bill_id": bill["bill_id"] ?? .null, "amount": .integer(amount), "method": .string(method)]
        let payment = try await staff.billing.post("/v1/payments", body, key: nextKey())
        visits[visit].paymentID = payment["payment_id"]?.text
        counts.payments += 1
    }

    /// Gives a fifth of a payment back.
    mutating func refund(_ visit: Int) async throws {
        guard let payment = visits[visit].paymentID else { return }
        guard case .integer(let amount) = try await staff.billing.get("/v1/payments/\(payment)")["amount"] else { return }
        let body: JSONValue = ["amount": .integer(amount / 5), "reason": "Goodwill after a long wait"]
        _ = try await staff.billing.post("/v1/payments/\(payment)/refunds", body, key: nextKey())
        counts.refunds += 1
    }

    mutating func void(_ visit: Int) async throws {
        guard let bill = try await openBill(of: visit)?["bill_id"]?.text else { return }
        _ = try await staff.billing.post("/v1/bills/\(bill)/void", ["reason": "Treated free of charge"], key: nextKey())
    }

    /// The bill of a visit that is to be paid; it follows the visit by itself, a moment later. Nil where the visit costs
    /// nothing any more.
    private func openBill(of visit: Int) async throws -> JSONValue? {
        let giveUp = ContinuousClock.now + Self.patience
        while ContinuousClock.now < giveUp {
            let bills = try await staff.billing.get("/v1/bills", [("appointment_id", visits[visit].id)])["bills"]?.elements ?? []
            if !bills.isEmpty { return bills.first { $0["status"] == "OPEN" } }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw DemoFailed(reason: "no bill followed the visit \(visits[visit].id)")
    }
}
