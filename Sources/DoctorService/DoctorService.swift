public import Contracts
import ProtobufC
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// The people who treat, and when they work. Every method of the contract is a use case in a file of its own.
public struct DoctorService: DoctorServiceProtocol {
    let resources: ServiceResources
    let peers: DoctorPeers
    private let shared: SharedAvailability?

    /// - Throws: where the process has no descriptors left for a cache.
    public init(_ resources: ServiceResources) throws {
        self.resources = resources
        shared = try resources.shareAvailability()
        peers = DoctorPeers(resources.peers)
    }

    public var database: Database { resources.database }

    /// Runs a use case's one write, and tells whoever remembers doctors that one has changed.
    func commitChange<Response: Message>(
        _ context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Response
    ) async throws -> Response {
        let response = try await commit(context, on: database, body)
        await shared?.doctorsHaveChanged()
        return response
    }
}

extension ServiceDefinition {
    /// The appointment service hears which department a doctor belongs to.
    public static let doctor = ServiceDefinition(
        name: "doctor", schema: DoctorMigrations.schema,
        subscriptions: [
            EventSubscription(subscriber: "appointment", to: DoctorEvent.allCases),
            EventSubscription(subscriber: "notification", to: DoctorEvent.allCases),
        ]
    ) { resources in
        try await resources.deriveTexts { try $0.refoldDoctors(after: $1) }
        return [try DoctorService(resources)]
    }
}
