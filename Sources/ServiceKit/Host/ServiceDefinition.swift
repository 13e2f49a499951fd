public import RPC
public import Storage

/// What makes one service of the hospital this service. Executables, tests and benchmarks all start it from here.
public struct ServiceDefinition: Sendable {
    /// `patient`: the name in configuration, logs and the data folder.
    public let name: String
    public let migrations: [Migration]
    /// Who is told of this service's events.
    public let subscriptions: [EventSubscription]
    /// Wires the service together over what it is given.
    public let makeServices: @Sendable (ServiceResources) async throws -> [any RPCService]

    public init(
        name: String, migrations: [Migration], subscriptions: [EventSubscription] = [],
        makeServices: @escaping @Sendable (ServiceResources) async throws -> [any RPCService]
    ) {
        self.name = name
        self.migrations = migrations
        self.subscriptions = subscriptions
        self.makeServices = makeServices
    }
}

/// That a service wants to hear of another's events. It takes them by serving `hms.event.v1.EventService`.
public struct EventSubscription: Hashable, Sendable {
    /// The name of the service that listens.
    public let subscriber: String
    /// The types of events that it hears of: `doctor.registered`.
    public let eventTypes: Set<String>

    public init(subscriber: String, eventTypes: Set<String>) {
        self.subscriber = subscriber
        self.eventTypes = eventTypes
    }
}
