public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// What patients owe. Every method of the contract is a use case in a file of its own.
public struct BillingService: BillingServiceProtocol {
    let resources: ServiceResources
    let calendar: ClinicCalendar
    let book: BillBook
    let peers: BillingPeers

    /// - Throws: ``UnknownTimeZone``.
    public init(_ resources: ServiceResources) throws {
        self.resources = resources
        calendar = try resources.clinic.calendar()
        book = BillBook(resources, calendar: calendar)
        peers = BillingPeers(resources.peers)
    }

    public var database: Database { resources.database }
}

extension ServiceDefinition {
    /// The payment service gives back what is due; the notification service tells patients of their bills.
    public static let billing = ServiceDefinition(
        name: "billing", schema: BillingMigrations.schema,
        erasure: { try $1.eraseBills(of: $0) },
        subscriptions: [
            EventSubscription(subscriber: "payment", to: [BillEvent.refundDue]),
            EventSubscription(subscriber: "notification", to: [BillEvent.created, .voided, .refundDue]),
        ],
        makeParts: { resources in
            let billing = try BillingService(resources)
            let reservations = Sweep("sweep of reservations", every: .seconds(10), on: resources.database, logger: resources.logger) {
                try await billing.sweepReservations(at: try await resources.database.realTime())
            }
            return ServiceParts(services: [billing, EventReceiver(resources, apply: billing.receive)], workers: [reservations])
        })
}
