public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// The people who treat, and when they work. Every method of the contract is a use case in a file of its own.
public struct DoctorService: DoctorServiceProtocol {
    let resources: ServiceResources
    let peers: DoctorPeers

    public init(_ resources: ServiceResources) {
        self.resources = resources
        peers = DoctorPeers(resources.peers)
    }

    public var database: Database { resources.database }
}

extension ServiceDefinition {
    /// The appointment service hears which department a doctor belongs to.
    public static let doctor = ServiceDefinition(
        name: "doctor", schema: DoctorMigrations.schema,
        subscriptions: [EventSubscription(subscriber: "appointment", to: DoctorEvent.allCases)]
    ) { resources in
        try await resources.deriveTexts { try $0.refoldDoctors(after: $1) }
        return [DoctorService(resources)]
    }
}
