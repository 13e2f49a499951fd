import BillingService
import Contracts
import HMSTestKit
import PaymentService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A payment database that was written before the steps of payments were stored.
@Suite(.enabled(if: TestHospital.isOnSQLite, "there are no databases of before on PostgreSQL"), .timeLimit(.minutes(10)))
struct OldDatabaseTests {
    /// What the service was then: its tables.
    private static let before = ServiceDefinition(
        name: "payment", schema: Schema(Array(ServiceDefinition.payment.schema.sqlite.prefix(2))), makeServices: { _ in [] })

    /// Leaves a PENDING payment, and a FAILED one.
    private func leavePayments(of bill: Bill, in folder: CashierFolder) async throws -> (pending: String, failed: String) {
        let old = try await folder.hospital.open(Self.before)
        let ids = (pending: old.resources.ids.make(.payment), failed: old.resources.ids.make(.payment))
        try await old.resources.database.write { transaction in
            for (id, status) in [(ids.pending, "PENDING"), (ids.failed, "FAILED")] {
                try transaction.execute(
                    """
                    INSERT INTO payments (payment_id, bill_id, patient_id, amount, currency, method, reference, status, failure_code,
                        amount_refunded, created_at, version, caller, key, fingerprint, correlation_id, sweep_at)
                    VALUES (?, ?, ?, ?, 'INR', 'CASH', ?, ?, CASE ? WHEN 'FAILED' THEN 'DECLINED' END, 0, 0, 1, 'billing:b', ?, ?, 'c', 0)
                    """,
                    [
                        .text(id), .text(bill.billID), .text(bill.patientID), .integer(bill.amount), .text("R-\(status)"), .text(status),
                        .text(status), .text(id), .blob([0]),
                    ])
            }
        }
        await old.close()
        return ids
    }

    @Test(arguments: [true, false])
    func `a payment that was left PENDING is ended, be its bill reserved or not, and a FAILED one's reference is free`(
        isReserved: Bool
    ) async throws {
        let folder = try await CashierFolder()
        let bill = try await folder.desk.newBill()
        let ids = try await leavePayments(of: bill, in: folder)
        if isReserved {
            let request = ReserveBillRequest(billID: bill.billID, paymentID: ids.pending, amount: bill.amount)
            _ = try await folder.desk.bills(.service).reserveBill(request)
        }
        let cashier = try await folder.cashier({ _ in DeskProvider() })
        try await cashier.sweep()
        #expect(try await cashier.payments(of: bill).map(\.status) == [.captured, .failed])
        try await cashier.expectSound(bill)
        #expect(try await cashier.pay(try await cashier.newBill(), reference: "R-FAILED").status == .captured)
        await cashier.payment.close()
        await folder.billing.close()
    }
}
