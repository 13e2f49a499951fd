public import ServiceKit
public import Vocabulary

/// What a check has to know that no database says.
public struct ClinicKnowledge: Sendable {
    /// The services of the hospital, in the order of their ports.
    public let services: [String]
    /// Who hears of whose events.
    public let routes: [EventRoute]
    public let calendar: ClinicCalendar

    public init(services: [String], routes: [EventRoute], calendar: ClinicCalendar) {
        self.services = services
        self.routes = routes
        self.calendar = calendar
    }

    public init(_ definitions: [ServiceDefinition], calendar: ClinicCalendar) {
        services = definitions.map(\.name)
        routes = definitions.flatMap { definition in
            definition.subscriptions.map { EventRoute(from: definition.name, to: $0.subscriber, types: $0.eventTypes) }
        }
        self.calendar = calendar
    }
}

/// The way of events from the service in which they happen to one that hears of them.
public struct EventRoute: Hashable, Sendable, CustomStringConvertible {
    public let producer: String
    public let subscriber: String
    /// `appointment.completed`
    public let types: Set<String>

    public init(from producer: String, to subscriber: String, types: Set<String>) {
        self.producer = producer
        self.subscriber = subscriber
        self.types = types
    }

    public var description: String { "\(producer) → \(subscriber)" }
}
