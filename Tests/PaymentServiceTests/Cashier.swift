import BillingService
import Contracts
import FieldChecks
import HMSTestKit
import PaymentService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A payment service and a billing service over real databases, wired together.
struct Cashier: Sendable {
    let hospital: TestHospital
    let appointments: AppointmentBook
    let billing: ServiceAssembly
    let payment: ServiceAssembly
    let provider: any PaymentProvider

    /// A client of the payment service for one caller and key.
    func client(_ key: String? = nil, _ role: CallerRole = .billing, subject: String? = nil) async throws -> PaymentServiceClient {
        let options = try await hospital.options(role, subject: subject, idempotencyKey: key)
        return PaymentServiceClient(ChannelOfCaller(payment.channel, options))
    }

    /// The sweep's own way into the payment service.
    var service: PaymentService { PaymentService(payment.resources, provider: provider) }

    var desk: BillDesk { BillDesk(hospital: hospital, appointments: appointments, billing: billing) }

    func bills(_ role: CallerRole = .billing) async throws -> BillingServiceClient { try await desk.bills(role) }

    /// A new bill of a new patient: 500.00 and 5 %.
    func newBill(fee: Int64 = 50_000) async throws -> Bill { try await desk.newBill(fee: fee) }

    func read(_ bill: Bill) async throws -> Bill {
        try #require(try await bills().getBill(GetBillRequest(billID: bill.billID)).bill)
    }

    func void(_ bill: Bill) async throws { try await desk.void(bill) }

    func pay(
        _ bill: Bill, key: String = "k", amount: Int64? = nil, _ method: PaymentMethod = .cash, reference: String = "",
        _ role: CallerRole = .billing, subject: String? = nil
    ) async throws -> Payment {
        let request = CreatePaymentRequest(billID: bill.billID, amount: amount ?? bill.amount, method: method, reference: reference)
        return try #require(try await client(key, role, subject: subject).createPayment(request).payment)
    }

    func read(_ payment: Payment) async throws -> Payment {
        try #require(try await client().getPayment(GetPaymentRequest(paymentID: payment.paymentID)).payment)
    }

    /// Oldest first.
    func payments(of bill: Bill) async throws -> [Payment] {
        try await client().listPayments(ListPaymentsRequest(billID: bill.billID, pageSize: 500)).payments.reversed()
    }

    func giveBack(_ amount: Int64, of payment: Payment, key: String = "r") async throws -> Refund {
        let request = CreateRefundRequest(paymentID: payment.paymentID, amount: amount, reason: "Goodwill")
        return try #require(try await client(key).createRefund(request).refund)
    }

    /// Oldest first.
    func refunds(of payment: Payment) async throws -> [Refund] {
        try await client().listRefunds(ListRefundsRequest(paymentID: payment.paymentID, pageSize: 500)).refunds.reversed()
    }

    /// One round of the sweep, when everything that is PENDING now is old enough.
    func sweep() async throws {
        let later = SystemTime.millisecondsSinceEpoch() + hospital.configuration.payment.sweepAfter.wholeMilliseconds
        try await service.recover(at: later)
    }

    /// Lets billing and payment tell each other all that they have to say.
    func exchangeEvents() async throws {
        let courier = EventCourier(hospital)
        for _ in 1...2 {
            try await courier.carry(from: billing, .billing, to: payment)
            try await sweep()
            try await courier.carry(from: payment, .payment, to: billing)
        }
    }

    /// What the payment service has told, in its order.
    func told() async throws -> [String] {
        try await payment.resources.database.read { try $0.publishedEvents().map(\.eventType) }
    }

    /// Tells billing that the appointment of a bill was cancelled.
    func cancel(_ bill: Bill, feePercent: Int32, fee: Int64 = 50_000) async throws {
        let message = AppointmentChanged(
            appointmentID: bill.appointmentID, patientID: bill.patientID, department: bill.department, consultationFee: fee,
            feePercent: feePercent)
        try await EventCourier(hospital).tell(billing, "appointment.cancelled", of: bill.appointmentID, message)
    }

    /// The same, and what the provider keeps is what the bill says.
    func expectSound(
        _ bill: Bill, _ provider: RecordingProvider, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectSound(bill, comment, sourceLocation: sourceLocation)
        let bill = try await read(bill)
        let paid = bill.paidAt == nil ? 0 : bill.amount - bill.amountRefunded
        #expect(provider.kept == paid, comment, sourceLocation: sourceLocation)
    }

    /// PAID ⇔ one captured payment, nothing PENDING, and refunds that agree.
    func expectSound(_ bill: Bill, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let bill = try await read(bill)
        let payments = try await payments(of: bill)
        let captured = payments.filter { $0.status == .captured }
        #expect(!payments.contains { $0.status == .pending }, comment, sourceLocation: sourceLocation)
        #expect(captured.count == (bill.status == .open || bill.status == .void ? 0 : 1), comment, sourceLocation: sourceLocation)
        #expect(bill.amountRefunded == captured.first?.amountRefunded ?? 0, comment, sourceLocation: sourceLocation)
        #expect(captured.allSatisfy { $0.amount == bill.amount && $0.paidAt == bill.paidAt }, comment, sourceLocation: sourceLocation)
    }
}

/// A hospital of its own for one test: the desk is the provider where the test gives none.
struct CashierFolder: Sendable {
    let hospital: TestHospital
    let appointments = AppointmentBook()
    let billing: ServiceAssembly

    init(_ configure: (inout HospitalConfiguration) -> Void = { _ in }) async throws {
        hospital = try TestHospital(configure: configure)
        billing = try await hospital.open(
            .billing,
            peers: [
                "appointment": InProcessChannel(services: [appointments]), "patient": InProcessChannel(services: [appointments.patients]),
            ])
    }

    var desk: BillDesk { BillDesk(hospital: hospital, appointments: appointments, billing: billing) }

    /// Opens the payment service over the hospital's data, which a dead one may have left.
    ///
    /// - Parameter leasesHaveEnded: whether so much time has passed that nothing is reserved for the dead one any more.
    func cashier(
        _ provider: @escaping @Sendable (ServiceResources) -> any PaymentProvider, fate: Fate? = nil, leasesHaveEnded: Bool = true
    ) async throws -> Cashier {
        let channel: any RPCChannel = fate.map { FatefulChannel(channel: billing.channel, fate: $0) } ?? billing.channel
        let payment = try await hospital.open(.payment(provider: provider), peers: ["billing": channel])
        if leasesHaveEnded && !TestHospital.isOnSQLite {
            try await payment.resources.database.write { try $0.execute("UPDATE hms_leases SET expires_at = 0") }
        }
        fate?.await(payment)
        return Cashier(
            hospital: hospital, appointments: appointments, billing: billing, payment: payment, provider: provider(payment.resources))
    }
}

/// Runs a test with billing and payment wired together.
func withCashier(
    _ provider: @escaping @Sendable (ServiceResources) -> any PaymentProvider = { _ in DeskProvider() },
    _ test: (Cashier) async throws -> Void
) async throws {
    let folder = try await CashierFolder()
    let cashier = try await folder.cashier(provider)
    try await test(cashier)
    await cashier.payment.close()
    await folder.billing.close()
}

/// The same with the sandbox, whose silence is a short one.
func withSandbox(_ test: (Cashier) async throws -> Void) async throws {
    try await withCashier({ SandboxProvider($0.database, silence: {}) }, test)
}

func expectRefusal(
    _ code: StatusCode, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
) async {
    let refusal = await refusal(call)
    #expect(refusal?.code == code, sourceLocation: sourceLocation)
    #expect(refusal?.reason == reason, sourceLocation: sourceLocation)
}
