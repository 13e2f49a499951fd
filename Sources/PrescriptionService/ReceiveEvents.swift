import Contracts
import RPC
import ServiceKit
import Storage

/// Applies what other services tell of, inside the write that claims the event.
@Sendable func receive(_ event: Event, _ transaction: Transaction) throws {
    guard case .patient(.forgotten) = EventType(event.eventType) else { throw RPCError.unknownEvent(event) }
    try transaction.forget(ForgottenPerson(event)) { try $1.erasePrescriptions(of: $0) }
}
