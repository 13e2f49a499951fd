import BillingService
import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A billing service over a real database, with appointments that the test enters.
struct BillingServiceUnderTest: Sendable {
    let hospital: TestHospital
    let service: ServiceAssembly
    let appointments: AppointmentBook
    /// As billing staff.
    let bills: BillingServiceClient
    /// As another service.
    let asService: BillingServiceClient
    let courier: EventCourier

    /// A client for another caller.
    func client(_ role: CallerRole, idempotencyKey: String? = nil) async throws -> BillingServiceClient {
        let options = try await hospital.options(role, idempotencyKey: idempotencyKey)
        return BillingServiceClient(ChannelOfCaller(service.channel, options))
    }

    func newPaymentID() -> String { service.resources.ids.make(.payment) }

    func bill(_ appointment: Appointment) async throws -> Bill {
        let request = CreateBillRequest(appointmentID: appointment.appointmentID, kind: .consultation)
        return try #require(try await bills.createBill(request).bill)
    }

    func billOther(_ appointment: Appointment, _ subtotal: Int64, _ text: String = "X-ray") async throws -> Bill {
        let request = CreateBillRequest(
            appointmentID: appointment.appointmentID, kind: .other, subtotal: subtotal, descriptionValue: text)
        return try #require(try await bills.createBill(request).bill)
    }

    func read(_ bill: Bill) async throws -> Bill {
        try #require(try await bills.getBill(GetBillRequest(billID: bill.billID)).bill)
    }

    /// The bills of an appointment, in the order in which they were made.
    func bills(of appointment: Appointment) async throws -> [Bill] {
        try await bills.listBills(ListBillsRequest(appointmentID: appointment.appointmentID)).bills.reversed()
    }

    func void(_ bill: Bill, because reason: String = "A mistake") async throws -> Bill {
        try #require(try await bills.voidBill(VoidBillRequest(billID: bill.billID, reason: reason)).bill)
    }

    func reserve(_ bill: Bill, for paymentID: String, amount: Int64? = nil) async throws {
        _ = try await asService.reserveBill(
            ReserveBillRequest(billID: bill.billID, paymentID: paymentID, amount: amount ?? bill.amount))
    }

    func settle(_ bill: Bill, by paymentID: String) async throws -> Bill {
        let request = SettleBillRequest(billID: bill.billID, paymentID: paymentID, paidAt: ProtobufTimestamp(hospital.clock.now))
        return try #require(try await asService.settleBill(request).bill)
    }

    func release(_ bill: Bill, from paymentID: String) async throws {
        _ = try await asService.releaseBill(ReleaseBillRequest(billID: bill.billID, paymentID: paymentID))
    }

    /// Reserves and settles.
    func pay(_ bill: Bill) async throws -> String {
        let paymentID = newPaymentID()
        try await reserve(bill, for: paymentID)
        _ = try await settle(bill, by: paymentID)
        return paymentID
    }

    /// Tells what has become of an appointment: `completed`, `cancelled`, `no_show`, `reinstated`.
    @discardableResult
    func tell(
        _ word: String, _ appointment: Appointment, feePercent: Int32 = 0, byClinic: Bool = false, version: Int64 = 2
    ) async throws -> Event {
        let message = AppointmentChanged(
            appointmentID: appointment.appointmentID, patientID: appointment.patientID, doctorID: appointment.doctorID,
            department: appointment.department, consultationFee: appointment.consultationFee, feePercent: feePercent, byClinic: byClinic,
            version: version)
        return try await courier.tell(service, "appointment.\(word)", of: appointment.appointmentID, message)
    }

    func tellRefunded(_ bill: Bill, by paymentID: String, sum: Int64) async throws {
        let message = PaymentChanged(paymentID: paymentID, billID: bill.billID, amount: bill.amount, amountRefunded: sum)
        try await courier.tell(service, "payment.refunded", of: paymentID, message)
    }

    /// The events that wait in the outbox, in their order.
    func events() async throws -> [Event] {
        try await service.resources.database.read { try $0.publishedEvents() }
    }

    /// What the payment service was asked to keep, by bill.
    func refundsDue() async throws -> [BillRefundDue] {
        try await events().filter { $0.eventType == "bill.refund_due" }.map { try $0.message() }
    }
}

/// Runs a test in a hospital of its own.
func withBilling(
    _ configure: (inout HospitalConfiguration) -> Void = { _ in }, peers: [String: any RPCChannel] = [:],
    _ test: (BillingServiceUnderTest) async throws -> Void
) async throws {
    let hospital = try TestHospital(configure: configure)
    let appointments = AppointmentBook()
    let own: [String: any RPCChannel] = [
        "appointment": InProcessChannel(services: [appointments]), "patient": InProcessChannel(services: [appointments.patients]),
    ]
    let service = try await hospital.open(.billing, peers: own.merging(peers) { mine, _ in mine })
    let staff = BillingServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.billing)))
    let payments = BillingServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.service)))
    try await test(
        BillingServiceUnderTest(
            hospital: hospital, service: service, appointments: appointments, bills: staff, asService: payments,
            courier: EventCourier(hospital)))
    await service.close()
}

func expectRefusal(
    _ code: StatusCode, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
) async {
    let refusal = await refusal(call)
    #expect(refusal?.code == code, sourceLocation: sourceLocation)
    #expect(refusal?.reason == reason, sourceLocation: sourceLocation)
}
