import Contracts
import ServiceKit
import Storage
import Vocabulary

/// Which department a doctor belongs to, as the doctor service's events tell: for reports, and for nothing that decides.
enum DepartmentReadModel {
    /// Events may come again, or late: the newest version of a doctor counts.
    @Sendable static func apply(_ event: Event, _ transaction: Transaction) throws {
        guard event.eventType.hasPrefix("doctor.") else { return }
        try transaction.note(try event.message(DoctorChanged.self))
    }
}
