import HMSTestKit
import NIOCore
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Synchronization

/// What goes wrong at one of the steps that leave a payment service.
struct Mishap: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Sendable, CaseIterable {
        /// The process dies.
        case death
        /// Nothing is heard any more, and the process lives on.
        case silence
    }

    enum Side: Sendable, CaseIterable {
        /// The request is lost.
        case before
        /// The answer is lost.
        case after
    }

    let kind: Kind
    let side: Side
    /// Which of the steps, from 0.
    let number: Int

    var description: String { "\(kind) \(side) step \(number)" }

    /// All that can go wrong at one step.
    static func all(at number: Int) -> [Mishap] {
        Kind.allCases.flatMap { kind in Side.allCases.map { Mishap(kind: kind, side: $0, number: number) } }
    }
}

/// Lets a mishap happen to a payment service. A dead one's database is closed, so that nothing more of it is kept, as with a
/// process that is gone.
final class Fate: Sendable {
    private struct State {
        var victim: ServiceAssembly?
        var steps: [String] = []
    }

    let mishap: Mishap?
    private let state = Mutex(State())

    init(_ mishap: Mishap?) {
        self.mishap = mishap
    }

    /// The steps that were begun: `ReserveBill`, `charge`, …
    var steps: [String] { state.withLock { $0.steps } }

    func await(_ service: ServiceAssembly) {
        state.withLock { $0.victim = service }
    }

    func pass<Answer>(_ step: String, _ work: () async throws -> Answer) async throws -> Answer {
        let number = state.withLock { state in
            state.steps.append(step)
            return state.steps.count - 1
        }
        if let mishap, mishap.number == number, mishap.side == .before { throw await strike(mishap.kind) }
        let answer = try await work()
        if let mishap, mishap.number == number, mishap.side == .after { throw await strike(mishap.kind) }
        return answer
    }

    private func strike(_ kind: Mishap.Kind) async -> RPCError {
        if kind == .death { await state.withLock { $0.victim.take() }?.close() }
        return .unavailable("nothing is heard")
    }
}

/// The way to billing of a service that has a fate.
struct FatefulChannel: RPCChannel {
    let channel: any RPCChannel
    let fate: Fate

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let step = method.name.split(separator: "/").last.map(String.init) ?? ""
        return try await fate.pass(step) { try await channel.call(method, payload, options) }
    }
}

/// The provider of a service that has a fate.
struct FatefulProvider: PaymentProvider {
    let provider: any PaymentProvider
    let fate: Fate

    func charge(_ charge: Charge) async throws -> ChargeOutcome {
        try await fate.pass("charge") { try await provider.charge(charge) }
    }

    func outcome(of charge: Charge) async throws -> ChargeOutcome {
        try await fate.pass("outcome") { try await provider.outcome(of: charge) }
    }

    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome {
        try await fate.pass("refund") { try await provider.refund(refund) }
    }
}
