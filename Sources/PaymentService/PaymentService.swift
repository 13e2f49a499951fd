public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// What patients pay, and what they get back. Every method of the contract is a use case in a file of its own.
public struct PaymentService: PaymentServiceProtocol {
    let resources: ServiceResources
    let peers: PaymentPeers
    let provider: any PaymentProvider
    let underWay: UnderWay
    let counts: PaymentCounts

    /// One for a database and process: it knows which payments are worked on.
    public init(_ resources: ServiceResources, provider: any PaymentProvider) {
        self.resources = resources
        self.provider = provider
        peers = PaymentPeers(resources.peers)
        underWay = UnderWay(resources.database)
        counts = PaymentCounts(resources.metrics, currency: resources.clinic.currency)
    }

    public var database: Database { resources.database }
}

extension ServiceDefinition {
    /// With the provider that the settings name.
    public static let payment = payment { resources in
        switch resources.settings.payment.provider {
        case .desk: DeskProvider()
        case .sandbox: SandboxProvider(resources.database)
        }
    }

    /// Billing hears what was paid, should it have lost that, and what became of refunds; the notification service tells patients
    /// of their payments, but not of those that were imported.
    public static func payment(
        provider: @escaping @Sendable (ServiceResources) throws -> any PaymentProvider
    ) -> ServiceDefinition {
        ServiceDefinition(
            name: "payment", schema: PaymentMigrations.schema,
            erasure: { try $1.eraseRefunds(of: $0) },
            subscriptions: [
                EventSubscription(subscriber: "billing", to: [PaymentEvent.captured, .imported, .refunded]),
                EventSubscription(subscriber: "notification", to: [PaymentEvent.captured, .imported, .failed, .refunded]),
            ],
            makeParts: { resources in
                let payment = PaymentService(resources, provider: try provider(resources))
                let recovery = Sweep("payment recovery", on: resources.database, logger: resources.logger) {
                    try await payment.recover(at: try await resources.database.realTime())
                }
                return ServiceParts(services: [payment, EventReceiver(resources, apply: payment.receive)], workers: [recovery])
            })
    }
}
