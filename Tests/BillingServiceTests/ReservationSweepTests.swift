import BillingService
import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Synchronization
import Testing
import UnimplementedServices
import Vocabulary

/// A payment service that says of the one payment that it knows what a test says.
private final class PaymentDesk: UnimplementedPaymentService {
    private let answer = Mutex<Result<Payment, RPCError>>(.failure(.unavailable("away")))

    func say(_ answer: Result<Payment, RPCError>) {
        self.answer.withLock { $0 = answer }
    }

    func getPayment(_ request: GetPaymentRequest, _ context: CallContext, _: NothingStored) throws -> GetPaymentResponse {
        var payment = try answer.withLock { try $0.get() }
        payment.paymentID = request.paymentID
        return GetPaymentResponse(payment: payment)
    }
}

/// A reservation lives as long as its payment is PENDING, even where the payment service has lost it.
@Suite(.timeLimit(.minutes(10))) struct ReservationSweepTests {
    private static let paidAt = TestHospital.morning + .milliseconds(-5_000)
    private static let lost = RPCError(Rejection(.paymentNotFound, "There is no such payment."))

    /// A bill that a payment holds for so long that the sweep asks for it; the answer is made of the bill.
    private func withReserved(
        _ say: (Bill) -> Result<Payment, RPCError>, after age: Int64 = 300_000,
        _ test: (BillingServiceUnderTest, Bill, _ paymentID: String) async throws -> Void
    ) async throws {
        let desk = PaymentDesk()
        try await withBilling(peers: ["payment": InProcessChannel(services: [desk])]) { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let paymentID = hospital.newPaymentID()
            let before = SystemTime.millisecondsSinceEpoch()
            try await hospital.reserve(bill, for: paymentID)
            let waited = SystemTime.millisecondsSinceEpoch() - before
            desk.say(say(bill))
            try await BillingService(hospital.service.resources).sweepReservations(at: before + age + (age < 300_000 ? 0 : waited))
            try await test(hospital, bill, paymentID)
        }
    }

    private func isFree(_ bill: Bill, _ hospital: BillingServiceUnderTest) async throws -> Bool {
        await outcome { try await hospital.reserve(bill, for: hospital.newPaymentID()) } == "OK"
    }

    @Test func `a payment that is lost lets go of its bill`() async throws {
        try await withReserved({ _ in .failure(Self.lost) }) { hospital, bill, _ in
            let isFree = try await isFree(bill, hospital)
            #expect(isFree)
        }
    }

    @Test func `a payment that has FAILED lets go of its bill`() async throws {
        try await withReserved({ .success(Payment(billID: $0.billID, status: .failed)) }) { hospital, bill, _ in
            let isFree = try await isFree(bill, hospital)
            #expect(isFree)
        }
    }

    @Test func `a payment that is CAPTURED has paid its bill, since then`() async throws {
        let paidAt = ProtobufTimestamp(Self.paidAt)
        try await withReserved({ .success(Payment(billID: $0.billID, status: .captured, paidAt: paidAt)) }) { hospital, bill, _ in
            let paid = try await hospital.read(bill)
            #expect(paid.status == .paid && paid.paidAt == paidAt)
        }
    }

    @Test(
        arguments: [
            .success(Payment(status: .pending)), .success(Payment(status: .unspecified)), .success(Payment(status: .captured)),
            .failure(.unavailable("away")), .failure(RPCError(.notFound, "", "no such method")),
            .failure(RPCError(.internal, "", "broken")),
        ] as [Result<Payment, RPCError>])
    func `a payment that is PENDING, or of which nothing is known, keeps its bill`(answer: Result<Payment, RPCError>) async throws {
        let say: (Bill) -> Result<Payment, RPCError> = { bill in
            answer.map { payment in
                var payment = payment
                payment.billID = bill.billID
                return payment
            }
        }
        try await withReserved(say) { hospital, bill, paymentID in
            let isFree = try await isFree(bill, hospital)
            #expect(!isFree)
            let paid = try await hospital.settle(bill, by: paymentID)
            #expect(paid.status == .paid)
        }
    }

    @Test func `the payment of another bill says nothing of this one`() async throws {
        let other = Payment(billID: "bil_00000000000000000000000001", status: .failed)
        try await withReserved({ _ in .success(other) }) { hospital, bill, _ in
            let isFree = try await isFree(bill, hospital)
            #expect(!isFree)
        }
    }

    @Test func `a young reservation is left alone`() async throws {
        try await withReserved({ _ in .failure(Self.lost) }, after: 299_999) { hospital, bill, _ in
            let isFree = try await isFree(bill, hospital)
            #expect(!isFree)
        }
    }
}
