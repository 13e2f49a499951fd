import Contracts
import ServiceKit
import Storage

extension AppointmentService {
    /// Applies what other services tell of, inside the write that claims the event.
    @Sendable func receive(_ event: Event, _ transaction: Transaction) throws {
        if case .patient(.forgotten) = EventType(event.eventType) {
            return try transaction.forget(ForgottenPerson(event)) { try $1.eraseVisits(of: $0) }
        }
        try DepartmentReadModel.apply(event, transaction)
        transaction.onCommit { [peers] in peers.forget(doctor: event.aggregateID) }
    }
}
