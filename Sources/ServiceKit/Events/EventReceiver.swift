public import Contracts
import FieldChecks
import Logging
public import ProtobufC
public import RPC
public import Storage

/// Takes the events of other services and applies each one once.
///
/// The claim of an event and its effect commit together, so that a second delivery finds the claim and does nothing. A
/// delivery is one transaction; where that fails, each event is one, and those that can't be applied are named in the answer.
public struct EventReceiver: EventServiceProtocol {
    private let database: Database
    private let consumer: String
    private let logger: Logger
    private let traces: SpanRecorder
    private let apply: @Sendable (Event, Transaction) throws -> Void

    /// - Parameter apply: makes an event's effect. It may run again from the start; what it throws is the event's failure.
    public init(_ resources: ServiceResources, apply: @escaping @Sendable (Event, Transaction) throws -> Void) {
        database = resources.database
        consumer = resources.name
        logger = resources.logger
        traces = resources.traces
        self.apply = apply
    }

    public func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse {
        try context.requireCaller(named: request.producer)
        let spans = EventSpans(
            request.events, traces, id: \.eventID, type: \.eventType, correlationID: \.correlationID, cause: \.origin)
        spans?.rememberFollowUps()
        let response = try await take(request, context, spans)
        spans?.end("receive", .consumer, failures: response.reasons, peer: request.producer)
        return response
    }

    private func take(
        _ request: DeliverEventsRequest, _ context: CallContext, _ spans: EventSpans?
    ) async throws -> DeliverEventsResponse {
        do {
            return try await database.write { transaction in
                let isSetBack = try hasLost(request.lastAppliedEventID, transaction)
                for event in request.events { try take(event, of: request.producer, spans, transaction) }
                return DeliverEventsResponse(setBack: isSetBack)
            }
        } catch  where !error.endsDelivery {
            return try await deliverOneByOne(request, context, spans)
        }
    }

    public func findMissingEvents(
        _ request: FindMissingEventsRequest, _ context: CallContext
    ) async throws -> FindMissingEventsResponse {
        FindMissingEventsResponse(eventIds: try await database.eventsNeverClaimed(request.eventIds, by: consumer))
    }

    public func forgetEvents(_ request: ForgetEventsRequest, _ context: CallContext) async throws -> ForgetEventsResponse {
        try context.requireCaller(named: request.producer)
        return ForgetEventsResponse(hasMore: try await database.forgetReceipts(of: request.producer, before: request.beforePlace))
    }
}

// MARK: - Applying

extension EventReceiver {
    /// Later events of an aggregate are not applied where an older one of it was not.
    private func deliverOneByOne(
        _ request: DeliverEventsRequest, _ context: CallContext, _ spans: EventSpans?
    ) async throws -> DeliverEventsResponse {
        let isSetBack = try await database.read { try hasLost(request.lastAppliedEventID, $0) }
        var failures: [EventFailure] = []
        var blocked: Set<String> = []
        for event in request.events where !blocked.contains(event.aggregateID) {
            do {
                try await database.write { try take(event, of: request.producer, spans, $0) }
            } catch  where !error.endsDelivery {
                blocked.insert(event.aggregateID)
                failures.append(failure(of: event, error, context))
            }
        }
        return DeliverEventsResponse(failures: failures, setBack: isSetBack)
    }

    private func take(_ event: Event, of producer: String, _ spans: EventSpans?, _ transaction: Transaction) throws {
        // What it causes is part of its own request, whose events came with others'.
        transaction.origin = spans?.origin(of: event.eventID)
        defer { transaction.origin = nil }
        // By the real clock: receipts may be forgotten by their age, and a hospital's clock may be set anywhere.
        let now = SystemTime.millisecondsSinceEpoch()
        guard try transaction.claim(event.eventID, consumer: consumer, from: producer, place: event.place, at: now) else { return }
        try apply(event, transaction)
    }

    /// Whether the event that was applied last was never heard of: this database was set back to a backup.
    private func hasLost(_ lastApplied: String, _ reader: Reader) throws -> Bool {
        guard !lastApplied.isEmpty else { return false }
        return try !reader.hasClaimed(lastApplied, consumer)
    }

    private func failure(of event: Event, _ error: any Error, _ context: CallContext) -> EventFailure {
        let known = (error as? RPCError) ?? RPCError(mapping: error, deadline: context.deadline)
        logger.error(
            "An event was not applied",
            metadata: [
                "event": "\(event.eventID)", "type": "\(event.eventType)", "correlation_id": "\(event.correlationID)",
                "error_type": "\(String(reflecting: type(of: error)))", "error": "\(error)",
            ])
        let told = known ?? .internal
        return EventFailure(eventID: event.eventID, statusCode: Int32(told.code.rawValue), reason: told.reason)
    }
}

extension CallContext {
    /// A service tells only what has happened in itself, and lets only that be forgotten: what it could say in another's
    /// name would be money and records of which that one knows nothing.
    ///
    /// - Throws: `PERMISSION_DENIED` where another service calls.
    fileprivate func requireCaller(named producer: String) throws(RPCError) {
        guard principal?.subject != producer else { return }
        throw RPCError(.permissionDenied, "PERMISSION_DENIED", "A service tells of events in its own name only.")
    }
}

extension Error {
    /// Whether it is the database or the call that failed, and not one event of the delivery.
    fileprivate var endsDelivery: Bool {
        if self is CancellationError { return true }
        switch self as? StorageError {
        case nil, .uniqueViolation, .checkViolation, .foreignKeyViolation, .notNullViolation, .constraintViolation, .invalidStatement,
            .unexpectedValue:
            return false
        case .overloaded, .busy, .unreachable, .outcomeUnknown, .serverFailed, .unsupported, .readBudgetExceeded, .closed, .full, .corrupt,
            .damaged, .noRoom, .failed, .locked, .cannotOpen,
            .notDurable, .migration, .integrity:
            return true
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

extension RPCError {
    /// What a receiver says to an event of a type that it does not know: it may be an older program than the sender, so the
    /// event waits until it is replaced.
    public static func unknownEvent(_ event: Event) -> RPCError {
        RPCError(.unimplemented, "EVENT_UNKNOWN", "Events of type \(event.eventType) are not known here.")
    }
}
