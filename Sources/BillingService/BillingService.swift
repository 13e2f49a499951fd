public import Contracts
import Logging
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// What patients owe. Every method of the contract is a use case in a file of its own.
public struct BillingService: BillingServiceProtocol {
    public let database: Database
    let clinic: ClinicConfiguration
    let calendar: ClinicCalendar
    let clock: HospitalClock
    let book: BillBook
    let peers: BillingPeers
    let logger: Logger

    /// - Throws: ``UnknownTimeZone``.
    public init(_ resources: ServiceResources) throws {
        database = resources.database
        clinic = resources.clinic
        calendar = try resources.clinic.calendar()
        clock = resources.clock
        book = BillBook(resources, calendar: calendar)
        peers = BillingPeers(resources.peers)
        logger = resources.logger
    }
}

extension ServiceDefinition {
    /// The payment service gives back what is due; the notification service tells patients of their bills.
    public static let billing = ServiceDefinition(
        name: "billing", migrations: BillingMigrations.all,
        subscriptions: [
            EventSubscription(subscriber: "payment", eventTypes: [BillEvent.refundDue.rawValue]),
            EventSubscription(subscriber: "notification", eventTypes: [BillEvent.created.rawValue, BillEvent.voided.rawValue]),
        ],
        makeParts: { resources in
            let billing = try BillingService(resources)
            let reservations = Sweep("sweep of reservations", every: .seconds(10), logger: resources.logger) {
                try await billing.sweepReservations(at: SystemTime.millisecondsSinceEpoch())
            }
            return ServiceParts(services: [billing, EventReceiver(resources, apply: billing.apply)], workers: [reservations])
        })
}
