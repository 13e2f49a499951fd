import BillingService
import Contracts
import HMSTestKit
import NIOCore
import PaymentService
import RPC
import ServiceKit
import Storage
import Synchronization
import Testing

/// The way to a service that is started later.
private final class WayToCome: RPCChannel {
    private let channel = Mutex<(any RPCChannel)?>(nil)

    func lead(to channel: any RPCChannel) {
        self.channel.withLock { $0 = channel }
    }

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        guard let channel = channel.withLock({ $0 }) else { throw RPCError.unavailable("not started yet") }
        return try await channel.call(method, payload, options)
    }
}

/// Billing and payment as their hosts run them: relays and sweeps at work, over sockets to nobody else.
@Suite(.timeLimit(.minutes(10))) struct HostTests {
    @Test(.timeLimit(.minutes(1)))
    func `a prepaid appointment that is cancelled is refunded by itself, under the correlation id of the cancellation`() async throws {
        let folder = try await CashierFolder()
        await folder.billing.close()
        let wayToPayment = WayToCome()
        let appointments = InProcessChannel(services: [folder.appointments])
        let patients = InProcessChannel(services: [folder.appointments.patients])
        let billing = try await folder.hospital.start(
            .billing, peers: ["appointment": appointments, "patient": patients, "payment": wayToPayment])
        let payment = try await folder.hospital.start(.payment, peers: ["billing": billing.assembly.channel])
        wayToPayment.lead(to: payment.assembly.channel)
        let cashier = Cashier(
            hospital: folder.hospital, appointments: folder.appointments, billing: billing.assembly, payment: payment.assembly,
            provider: DeskProvider())
        let bill = try await cashier.newBill()
        let paid = try await cashier.pay(bill)
        try await cashier.cancel(bill, feePercent: 50)
        while try await cashier.read(bill).status != .partiallyRefunded { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await cashier.read(paid).amountRefunded == 26_250)
        let told = try await payment.assembly.resources.database.read { try $0.publishedEvents() }
        #expect(told.map(\.eventType) == ["payment.captured", "payment.refunded"])
        #expect(told.last?.correlationID == "corr-1")
        await payment.stop()
        await billing.stop()
    }
}
