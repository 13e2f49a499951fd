public import Contracts
public import ProtobufC
public import RPC
public import Storage

/// Takes the events of other services and applies each one once.
///
/// The claim of an event and its effect commit together, so that a second delivery finds the claim and does nothing.
public struct EventReceiver: EventServiceProtocol {
    private let database: Database
    private let consumer: String
    private let apply: @Sendable (Event, Transaction) throws -> Void

    /// - Parameter apply: makes an event's effect. It may run again from the start; what it throws refuses the event.
    public init(_ resources: ServiceResources, apply: @escaping @Sendable (Event, Transaction) throws -> Void) {
        database = resources.database
        consumer = resources.name
        self.apply = apply
    }

    public func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse {
        for event in request.events { try await take(event) }
        return DeliverEventsResponse()
    }

    public func findMissingEvents(
        _ request: FindMissingEventsRequest, _ context: CallContext
    ) async throws -> FindMissingEventsResponse {
        FindMissingEventsResponse(eventIds: try await database.eventsNeverClaimed(request.eventIds, by: consumer))
    }

    private func take(_ event: Event) async throws {
        // By the real clock: receipts are forgotten by their age, and a hospital's clock may be set anywhere.
        let now = SystemTime.millisecondsSinceEpoch()
        try await database.write { [consumer, apply] transaction in
            guard try transaction.claim(event.eventID, consumer: consumer, at: now) else { return }
            try apply(event, transaction)
        }
    }
}

extension Event {
    /// The message that tells of it.
    ///
    /// - Throws: `INVALID_ARGUMENT` where the payload is no such message.
    public func message<M: Message>(_ type: M.Type = M.self) throws -> M {
        do {
            return try M(protobuf: payload)
        } catch {
            throw RPCError.invalidArgument("The payload of an event is not a \(M.fullName).")
        }
    }
}
