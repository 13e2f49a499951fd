import Contracts
import FieldChecks
import HMSTestKit
import NIOCore
import PaymentService
import RPC
import ServiceKit
import Synchronization
import Testing
import Vocabulary

/// The way to a billing service that is away for some calls.
private final class Outage: RPCChannel {
    private let channel: any RPCChannel
    private let lost = Mutex<Set<String>>([])
    private let gate = Mutex<Gate?>(nil)
    private let meanwhile = Mutex<[String: @Sendable () async throws -> Void]>([:])

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
        try await gate.withLock(\.self)?.pass()
        if let happening = meanwhile.withLock({ $0.removeValue(forKey: name) }) { try await happening() }
        return try await channel.call(method, payload, options)
    }

    /// What happens while the next call of a method is on its way.
    func during(_ method: String, _ happening: @escaping @Sendable () async throws -> Void) {
        meanwhile.withLock { $0[method] = happening }
    }

    /// From now on a call waits for others beside it.
    func hold(by gate: Gate) {
        self.gate.withLock { $0 = gate }
    }
}

/// Opens for good when so many stand before it, and lets one through who has waited for too long.
private final class Gate: Sendable {
    private struct State {
        var missing: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(opensFor count: Int) {
        state = Mutex(State(missing: count))
    }

    var isOpen: Bool { state.withLock { $0.missing <= 0 } }

    func pass() async throws {
        let patience = Task {
            try await Task.sleep(for: .seconds(60))
            open()
        }
        defer { patience.cancel() }
        await withCheckedContinuation { continuation in
            let isLast = state.withLock { state in
                state.missing -= 1
                state.waiting.append(continuation)
                return state.missing <= 0
            }
            if isLast { open() }
        }
    }

    private func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
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

    @Test func `the sweep drives several payments at once when billing is back`() async throws {
        try await withOutage { cashier, outage, _ in
            outage.lose("SettleBill")
            var bills: [Bill] = []
            for index in 1...8 {
                bills.append(try await cashier.newBill())
                #expect(try await cashier.pay(bills[index - 1], key: "k\(index)").status == .pending)
            }
            let gate = Gate(opensFor: 8)
            outage.lose()
            outage.hold(by: gate)
            try await cashier.sweep()
            #expect(gate.isOpen)
            for bill in bills { try await cashier.expectSound(bill) }
        }
    }

    @Test func `who imports what another imports meanwhile is answered what is there, and not that the bill is paid`() async throws {
        try await withOutage { cashier, outage, _ in
            let bill = try await cashier.newBill()
            let paidAt = ProtobufTimestamp(cashier.payment.resources.clock.now())
            let wanted = ImportPaymentRequest(billID: bill.billID, amount: bill.amount, method: .card, paidAt: paidAt)
            let take: @Sendable () async throws -> ImportPaymentResponse = {
                try await cashier.client(nil, .admin).importPayment(wanted)
            }
            outage.during("GetBill") {
                let first = try await take()
                #expect(!first.alreadyThere)
            }
            let second = try await take()
            #expect(second.alreadyThere)
            #expect(try await cashier.payments(of: bill).count == 1)
        }
    }
}
