import BillingService
import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// A billing service over a real database, without a payment service.
struct BillDesk: Sendable {
    let hospital: TestHospital
    let appointments: AppointmentBook
    let billing: ServiceAssembly

    func bills(_ role: CallerRole = .billing) async throws -> BillingServiceClient {
        BillingServiceClient(ChannelOfCaller(billing.channel, try await hospital.options(role)))
    }

    /// A new bill of a new patient: 500.00 and 5 %. On a busy machine billing may find its own facts too old, and is asked again.
    func newBill(fee: Int64 = 50_000) async throws -> Bill {
        let appointment = appointments.enter(fee: fee)
        let request = CreateBillRequest(appointmentID: appointment.appointmentID, kind: .consultation)
        let staff = try await bills()
        for _ in 1...20 {
            do {
                return try #require(try await staff.createBill(request).bill)
            } catch let error as RPCError where error.code == .unavailable {
                continue
            }
        }
        return try #require(try await staff.createBill(request).bill)
    }

    func void(_ bill: Bill) async throws {
        _ = try await bills().voidBill(VoidBillRequest(billID: bill.billID, reason: "A mistake"))
    }

    /// Lets billing forget that a payment holds a bill, as by a backup that was restored.
    func loseReservation(of bill: Bill, by paymentID: String) async throws {
        _ = try await bills(.service).releaseBill(ReleaseBillRequest(billID: bill.billID, paymentID: paymentID))
    }
}
