import Contracts
import HMSTestKit
import NIOCore
import PaymentService
import RPC
import ServiceKit
import Synchronization
import Testing

/// The way to a billing service that is away for some calls.
private final class Outage: RPCChannel {
    private let channel: any RPCChannel
    private let lost = Mutex<Set<String>>([])

    init(_ channel: any RPCChannel) {
        self.channel = channel
    }

    /// The methods that do not get through.
    func lose(_ methods: String...) {
        lost.withLock { $0 = Set(methods) }
    }

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let name = method.name.split(separator: "/").last.map(String.init) ?? ""
        if lost.withLock({ $0.contains(name) }) { throw RPCError.unavailable("away") }
        return try await channel.call(method, payload, options)
    }
}

@Suite(.timeLimit(.minutes(10))) struct BillingAwayTests {
    private func withOutage(_ test: (Cashier, Outage, RecordingProvider) async throws -> Void) async throws {
        let folder = try await CashierFolder()
        let provider = RecordingProvider()
        let outage = Outage(folder.billing.channel)
        let payment = try await folder.hospital.open(.payment { _ in provider }, peers: ["billing": outage])
        let cashier = Cashier(
            hospital: folder.hospital, appointments: folder.appointments, billing: folder.billing, payment: payment, provider: provider)
        try await test(cashier, outage, provider)
        await payment.close()
        await folder.billing.close()
    }

    @Test func `billing away before anything is begun is 503, and nothing is stored`() async throws {
        try await withOutage { cashier, outage, _ in
            let bill = try await cashier.newBill()
            outage.lose("GetBill")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await cashier.pay(bill) }
            #expect(try await cashier.payments(of: bill).isEmpty)
        }
    }

    @Test func `billing away before the charge is 503, nothing is charged, and the retry pays`() async throws {
        try await withOutage { cashier, outage, provider in
            let bill = try await cashier.newBill()
            outage.lose("ReserveBill")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await cashier.pay(bill) }
            #expect(provider.charged.isEmpty)
            outage.lose()
            #expect(try await cashier.pay(bill).status == .captured)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `billing away after the charge is PENDING; the sweep makes the bill PAID when it is back`() async throws {
        try await withOutage { cashier, outage, provider in
            let bill = try await cashier.newBill()
            outage.lose("SettleBill")
            let pending = try await cashier.pay(bill)
            #expect(pending.status == .pending)
            try await cashier.sweep()
            #expect(try await cashier.read(pending).status == .pending)
            outage.lose()
            let later = SystemTime.millisecondsSinceEpoch() + 120_000
            try await cashier.service.recover(at: later)
            #expect(try await cashier.read(pending).status == .captured)
            #expect(provider.charged == [pending.paymentID: 1])
            try await cashier.expectSound(bill)
        }
    }
}
