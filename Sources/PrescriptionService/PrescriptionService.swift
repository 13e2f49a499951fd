public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// What doctors prescribe. Every method of the contract is a use case in a file of its own.
public struct PrescriptionService: PrescriptionServiceProtocol {
    let resources: ServiceResources
    let peers: PrescriptionPeers

    public init(_ resources: ServiceResources) {
        self.resources = resources
        peers = PrescriptionPeers(resources.peers)
    }

    public var database: Database { resources.database }
}

extension ServiceDefinition {
    public static let prescription = ServiceDefinition(
        name: "prescription", schema: PrescriptionMigrations.schema, erasure: { try $1.erasePrescriptions(of: $0) },
        subscriptions: [EventSubscription(subscriber: "notification", to: [PrescriptionEvent.issued])]
    ) { resources in
        [PrescriptionService(resources), EventReceiver(resources, apply: receive)]
    }
}
