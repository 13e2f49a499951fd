public import Contracts
import NotificationRules
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// What people are told. Every method of the contract is a use case in a file of its own.
public struct NotificationService: NotificationServiceProtocol {
    let resources: ServiceResources
    let peers: NotificationPeers
    let secrets: WebhookSecrets

    public init(_ resources: ServiceResources) {
        self.resources = resources
        secrets = WebhookSecrets(resources)
        peers = NotificationPeers(resources.peers)
    }

    public var database: Database { resources.database }
}

extension ServiceDefinition {
    public static let notification = ServiceDefinition(
        name: "notification", schema: NotificationMigrations.schema,
        erasure: { try $1.eraseNotifications(to: $0) },
        makeParts: { resources in
            let transports = try Transports(resources)
            let announcer = try Announcer(resources)
            let retention = Retention(resources, outgoing: transports.file)
            let secrets = WebhookSecrets(resources)
            let courier = WebhookCourier(resources)
            let deliverers = Channel.allCases.map { channel in (channel, Deliverer(resources, channel, by: transports[channel])) }
            return ServiceParts(
                services: [
                    NotificationService(resources),
                    EventReceiver(resources) { event, transaction in
                        try receive(event, transaction)
                        try resources.note(event, transaction)
                    },
                ],
                workers: [
                    Sweep("announcements", on: resources.database, logger: resources.logger) { try await announcer.announceDue() },
                    Sweep("webhooks", on: resources.database, logger: resources.logger) { try await courier.deliverDue() },
                    Sweep("webhook secrets", every: .seconds(60), on: resources.database, logger: resources.logger) {
                        try await secrets.keepAll()
                    },
                    Sweep("webhook backlogs", every: .seconds(60), on: resources.database, logger: resources.logger) {
                        try await courier.giveUpBacklogs()
                    },
                    Sweep("retention", every: .seconds(3_600), on: resources.database, logger: resources.logger) {
                        try await retention.clean()
                    },
                ]
                    + deliverers.map { channel, deliverer in
                        Sweep("delivery by \(channel.rawValue)", on: resources.database, logger: resources.logger) {
                            try await deliverer.deliverDue()
                        }
                    },
                eraseFiles: { try await transports.file.forget($0.id) })
        })
}
