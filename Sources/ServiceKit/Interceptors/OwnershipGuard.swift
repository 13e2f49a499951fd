public import Logging
public import RPC
import Synchronization

/// Holds handlers to the contract's `own_record`: for a doctor, such a method commits nothing and answers nothing unless
/// the handler has asked whether the record is his, by `requireOwner(doctorID:)`. Who forgets to ask serves nobody.
///
/// It stands next to the handler: what is replayed under an idempotency key was asked the first time. It waits for nothing,
/// so a read of one's own record is answered at once.
public final class OwnershipGuard: ServerFilter {
    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
    }

    public func concerns(_ method: MethodDescriptor) -> Bool {
        method.ownRecord
    }

    public func enter(_ call: ServerCall) -> Bool {
        if call.context.principal?.role.contains(.doctor) == true {
            call.context.values[OwnershipQuestion.self] = OwnershipQuestion()
        }
        return true
    }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard let question = call.context.values[OwnershipQuestion.self], !question.allows(outcome) else { return }
        logger.error("A handler has not asked whose record it is", metadata: ["method": .string(call.context.method.name)])
        outcome = .failure(RPCError.notHisOwn)
    }
}

extension RPCError {
    /// What a doctor is told who wants what another doctor's is.
    static let notHisOwn = RPCError(.permissionDenied, "PERMISSION_DENIED", "A doctor may do this for himself only.")
}

/// Whether the handler of a call has asked whose record it is.
final class OwnershipQuestion: ContextKey, Sendable {
    typealias Value = OwnershipQuestion

    private let asked = Atomic(false)

    func ask() {
        asked.store(true, ordering: .releasing)
    }

    func requireAsked() throws(OwnerNotAsked) {
        guard asked.load(ordering: .acquiring) else { throw OwnerNotAsked() }
    }

    /// Whether the caller may see how the call ended: an answer only where it was asked, and any other failure as it is.
    fileprivate func allows(_ outcome: Result<ServerReply, any Error>) -> Bool {
        switch outcome {
        case .success: asked.load(ordering: .acquiring)
        case .failure(let error): !(error is OwnerNotAsked)
        }
    }
}

/// A handler of an `own_record` method serves a doctor without having asked whose record it is.
struct OwnerNotAsked: Error {}
