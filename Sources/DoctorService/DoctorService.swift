public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// The people who treat, and when they work. Every method of the contract is a use case in a file of its own.
public struct DoctorService: DoctorServiceProtocol {
    public let database: Database
    let clock: HospitalClock
    let ids: IDMaker
    let peers: DoctorPeers
    let phoneRegion: PhoneRegion

    public init(_ resources: ServiceResources) {
        database = resources.database
        clock = resources.clock
        ids = resources.ids
        peers = DoctorPeers(resources.peers)
        phoneRegion = resources.clinic.phoneRegion
    }
}

extension ServiceDefinition {
    /// The appointment service hears which department a doctor belongs to.
    public static let doctor = ServiceDefinition(
        name: "doctor", migrations: DoctorMigrations.all,
        subscriptions: [EventSubscription(subscriber: "appointment", eventTypes: DoctorEvent.types)]
    ) { resources in
        try await resources.deriveTexts { try $0.refoldDoctors(after: $1) }
        return [DoctorService(resources)]
    }
}
