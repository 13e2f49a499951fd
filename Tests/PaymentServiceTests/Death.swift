import HMSTestKit
import NIOCore
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Synchronization

/// Where a payment service dies: before or after one of the steps that leave it.
struct Death: Hashable, Sendable, CustomStringConvertible {
    enum Side: Sendable { case before, after }

    let side: Side
    /// `ReserveBill`, `SettleBill`, `ReleaseBill`, `charge` or `refund`.
    let step: String

    var description: String { "\(side) \(step)" }

    static func before(_ step: String) -> Death { Death(side: .before, step: step) }
    static func after(_ step: String) -> Death { Death(side: .after, step: step) }
}

/// Kills a payment service at one step: from then on its database is closed, so that nothing more of it is kept, as with a
/// process that is gone.
final class Executioner: Sendable {
    private let death: Death?
    private let victim = Mutex<ServiceAssembly?>(nil)

    init(_ death: Death?) {
        self.death = death
    }

    func sentence(_ service: ServiceAssembly) {
        victim.withLock { $0 = service }
    }

    func pass<Answer>(_ step: String, _ work: () async throws -> Answer) async throws -> Answer {
        if death == .before(step) { throw await kill() }
        let answer = try await work()
        if death == .after(step) { throw await kill() }
        return answer
    }

    private func kill() async -> RPCError {
        let victim = victim.withLock { $0.take() }
        await victim?.close()
        return .unavailable("dead")
    }
}

/// The way to billing of a service that is to die.
struct MortalChannel: RPCChannel {
    let channel: any RPCChannel
    let executioner: Executioner

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let step = method.name.split(separator: "/").last.map(String.init) ?? ""
        return try await executioner.pass(step) { try await channel.call(method, payload, options) }
    }
}

/// The provider of a service that is to die.
struct MortalProvider: PaymentProvider {
    let provider: any PaymentProvider
    let executioner: Executioner

    func charge(_ charge: Charge) async throws -> ChargeOutcome {
        try await executioner.pass("charge") { try await provider.charge(charge) }
    }

    func outcome(of charge: Charge) async throws -> ChargeOutcome {
        try await executioner.pass("outcome") { try await provider.outcome(of: charge) }
    }

    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome {
        try await executioner.pass("refund") { try await provider.refund(refund) }
    }
}
