public import Contracts
import RPC
public import ServiceKit
public import Storage
import Vocabulary

/// The people who are treated. Every method of the contract is a use case in a file of its own.
public struct PatientService: PatientServiceProtocol {
    let resources: ServiceResources
    let calendar: ClinicCalendar
    let peers: PatientPeers
    let treatments = RememberedTreatments()

    /// - Throws: ``UnknownTimeZone``.
    public init(_ resources: ServiceResources) throws {
        self.resources = resources
        calendar = try resources.clinic.calendar()
        peers = PatientPeers(resources.peers, logger: resources.logger)
    }

    public var database: Database { resources.database }
    var phoneRegion: PhoneRegion { resources.clinic.phoneRegion }

    /// The day on the clinic's calendar.
    var today: LocalDate { calendar.day(of: resources.clock.now()) }
}

extension ServiceDefinition {
    /// Whoever keeps something of a patient is told that he is to be forgotten.
    public static let patient = {
        var patient = ServiceDefinition(
            name: "patient", schema: PatientMigrations.schema, erasure: { try $1.erasePatient($0) },
            subscriptions: [
                EventSubscription(subscriber: "appointment", to: [PatientEvent.forgotten]),
                EventSubscription(subscriber: "billing", to: [PatientEvent.forgotten]),
                EventSubscription(subscriber: "payment", to: [PatientEvent.forgotten]),
                EventSubscription(subscriber: "prescription", to: [PatientEvent.forgotten]),
                EventSubscription(subscriber: "notification", to: PatientEvent.allCases),
            ]
        ) { resources in
            try await resources.deriveTexts { [region = resources.clinic.phoneRegion] in
                try $0.remakePatientTexts(after: $1, in: region)
            }
            let service = try PatientService(resources)
            return ServiceParts(services: [service], admission: service)
        }
        patient.remakeIndex = { try $0.remakeNameGrams(after: $1) }
        return patient
    }()
}
