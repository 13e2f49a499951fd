public import Logging
public import RPC
import Synchronization

/// Holds handlers to the contract's `own_record`: for a doctor, such a method commits nothing and answers nothing unless
/// the handler has asked whether the record is his, by `requireOwner(doctorID:)`. Who forgets to ask serves nobody.
///
/// It stands next to the handler: what is replayed under an idempotency key was asked the first time.
public struct OwnershipGuard: ServerInterceptor {
    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
    }

    public func concerns(_ method: MethodDescriptor) -> Bool {
        method.ownRecord
    }

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        guard call.context.principal?.role.contains(.doctor) == true else { return try await next(call) }
        let question = OwnershipQuestion()
        call.context.values[OwnershipQuestion.self] = question
        do {
            let reply = try await next(call)
            try question.requireAsked()
            return reply
        } catch is OwnerNotAsked {
            logger.error("A handler has not asked whose record it is", metadata: ["method": .string(call.context.method.name)])
            throw RPCError(.permissionDenied, "PERMISSION_DENIED", "A doctor may do this for himself only.")
        }
    }
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
}

/// A handler of an `own_record` method serves a doctor without having asked whose record it is.
struct OwnerNotAsked: Error {}
