public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension NotificationService {
    /// Lists what has happened in the hospital, the oldest first.
    public func listEvents(_ request: ListEventsRequest, _ context: CallContext) async throws -> ListEventsResponse {
        let filter = try EventFilter(request)
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.after, request.eventType, filter.since.map { "\($0.millisecondsSinceEpoch)" }])
        let events = try await database.scan { try $0.events(matching: filter, on: page) }
        return ListEventsResponse(events: events.rows.map(\.event), nextPageToken: events.nextToken)
    }
}

/// Which events a list holds: those that meet every condition. Nil sets none.
struct EventFilter: Sendable {
    /// The id of the event behind which the list begins.
    let after: String?
    let eventType: String?
    let since: Instant?

    fileprivate init(_ request: ListEventsRequest) throws(Rejection) {
        after = request.after
        eventType = request.eventType
        since = request.since?.instant
        if let eventType, EventType(eventType) == nil { throw .noEvent(called: [eventType], field: "event_type") }
    }
}

extension Rejection {
    static func noEvent(called names: [String], field: String) -> Rejection {
        Rejection(invalid: [.init(field: field, sentence: "has no event called \(names.joined(separator: ", "))")])
    }
}
