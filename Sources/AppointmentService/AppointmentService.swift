import AppointmentRules
public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// The bookings: who sees whom, when, and what became of it. Every method of the contract is a use case in a file of its own.
public struct AppointmentService: AppointmentServiceProtocol {
    let resources: ServiceResources
    public let database: Database
    let clock: HospitalClock
    let calendar: ClinicCalendar
    let peers: AppointmentPeers
    let counts: AppointmentCounts

    /// - Throws: ``UnknownTimeZone``; where the process has no descriptors left for a cache.
    public init(_ resources: ServiceResources) throws {
        self.resources = resources
        database = resources.database
        clock = resources.clock
        calendar = try resources.clinic.calendar()
        peers = AppointmentPeers(resources.peers, sharing: try resources.shareAvailability())
        counts = AppointmentCounts(resources.metrics)
    }
}

extension ServiceDefinition {
    /// Billing hears of what has to be paid, and the notification service of everything that people are told: not that a
    /// no-show was none, for the patient who sits there knows, and is told of the bill that becomes void.
    public static let appointment = ServiceDefinition(
        name: "appointment", schema: AppointmentMigrations.schema,
        erasure: { try $1.eraseVisits(of: $0) },
        subscriptions: [
            EventSubscription(subscriber: "billing", to: [AppointmentEvent.completed, .cancelled, .noShow, .reinstated]),
            EventSubscription(
                subscriber: "notification", to: AppointmentEvent.allCases),
        ]
    ) { resources in
        try await resources.deriveTexts { transaction, _ in
            try transaction.refoldDepartments()
            return nil
        }
        let service = try AppointmentService(resources)
        service.tellDay(in: resources.metrics)
        return [service, EventReceiver(resources, apply: service.receive)]
    }
}
