public import RPC
public import Storage

/// What makes one service of the hospital this service. Executables, tests and benchmarks all start it from here.
public struct ServiceDefinition: Sendable {
    /// `patient`: the name in configuration, logs and the data folder.
    public let name: String
    public let schema: Schema
    /// Who is told of this service's events.
    public let subscriptions: [EventSubscription]
    /// Wires the service together over what it is given.
    public let makeParts: @Sendable (ServiceResources) async throws -> ServiceParts
    /// Makes again, a batch of rows at a time, what one engine keeps beside the tables and a copy from another engine does not
    /// bring: answers the place behind which it goes on, from 0; nil after the last.
    public var remakeIndex: (@Sendable (Transaction, _ place: Int64) throws -> Int64?)?
    /// How a patient is forgotten; nil where the service knows nothing of patients.
    public let erasure: Erasure?

    public init(
        name: String, schema: Schema, erasure: Erasure? = nil, subscriptions: [EventSubscription] = [],
        makeParts: @escaping @Sendable (ServiceResources) async throws -> ServiceParts
    ) {
        self.name = name
        self.schema = schema
        self.erasure = erasure
        self.subscriptions = subscriptions
        self.makeParts = makeParts
    }

    /// A service that does nothing while nobody calls it.
    public init(
        name: String, schema: Schema, erasure: Erasure? = nil, subscriptions: [EventSubscription] = [],
        makeServices: @escaping @Sendable (ServiceResources) async throws -> [any RPCService]
    ) {
        self.init(name: name, schema: schema, erasure: erasure, subscriptions: subscriptions) { resources in
            ServiceParts(services: try await makeServices(resources))
        }
    }
}

/// What answers a service's calls, and what works while there are none.
public struct ServiceParts: Sendable {
    public let services: [any RPCService]
    public let workers: [any BackgroundWorker]
    /// Takes a forgotten person out of files beside the database. Done again it changes nothing.
    public let eraseFiles: @Sendable (ForgottenPerson) async throws -> Void
    /// Says which patients a doctor may read, for the methods that the contract marks with `treatment`. Where there is none no doctor
    /// is answered by them.
    public let admission: (any DoctorAdmission)?

    public init(
        services: [any RPCService], workers: [any BackgroundWorker] = [], admission: (any DoctorAdmission)? = nil,
        eraseFiles: @escaping @Sendable (ForgottenPerson) async throws -> Void = { _ in }
    ) {
        self.services = services
        self.workers = workers
        self.admission = admission
        self.eraseFiles = eraseFiles
    }
}

/// That a service wants to hear of another's events. It takes them by serving `hms.event.v1.EventService`.
public struct EventSubscription: Hashable, Sendable {
    /// The name of the service that listens.
    public let subscriber: String
    /// The types of events that it hears of: `doctor.registered`.
    public let eventTypes: Set<String>

    /// Of events of one producer: `[AppointmentEvent.booked, .cancelled]`.
    public init(subscriber: String, to events: [some RawRepresentable<String>]) {
        self.init(subscriber: subscriber, eventTypes: Set(events.map(\.rawValue)))
    }

    public init(subscriber: String, eventTypes: Set<String>) {
        self.subscriber = subscriber
        self.eventTypes = eventTypes
    }
}
