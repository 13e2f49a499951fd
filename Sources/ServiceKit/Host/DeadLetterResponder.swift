import Contracts
import FieldChecks
import RPC
import Storage
import Vocabulary

/// Shows the events of a service that were given up, and gives them their tries again.
struct DeadLetterResponder: DeadLetterServiceProtocol {
    let database: Database

    /// Those that one call revives at most.
    private static let batchSize = 500

    func listDeadLetters(_ request: ListDeadLettersRequest, _ context: CallContext) async throws -> ListDeadLettersResponse {
        let page = try PageRequest<DeadLetterPosition>(
            request.pageSize, after: request.pageToken, filters: ["dead letters", request.subscriber])
        let subscriber = request.subscriber.isEmpty ? nil : request.subscriber
        let (found, total) = try await database.scan { reader in
            let counts = try reader.deadLetterCounts().filter { subscriber == nil || subscriber == $0.key }
            let after = page.position.map { ($0.subscriber, $0.place) }
            return (try reader.deadLetters(of: subscriber, after: after, limit: page.limit), counts.values.reduce(0, +))
        }
        let letters = page.page(of: found, DeadLetterPosition.init)
        return ListDeadLettersResponse(
            deadLetters: letters.rows.map(DeadLetter.init), nextPageToken: letters.nextToken, total: Int64(total))
    }

    func reviveDeadLetters(_ request: ReviveDeadLettersRequest, _ context: CallContext) async throws -> ReviveDeadLettersResponse {
        guard request.all == request.eventIds.isEmpty else {
            throw RPCError.invalidArgument(
                "Name the events, or ask for all.",
                violations: [FieldViolation(field: "event_ids", message: "must be given, or all must be true, and not both")])
        }
        let subscriber = request.subscriber.isEmpty ? nil : request.subscriber
        return try await commit(context, on: database) { transaction in
            let revived =
                request.all
                ? try transaction.reviveDeadLetters(of: subscriber, limit: Self.batchSize)
                : try request.eventIds.reduce(0) { try $0 + transaction.revive(eventID: $1, for: subscriber) }
            transaction.noteChange(of: "status")
            return ReviveDeadLettersResponse(
                revived: Int32(truncatingIfNeeded: revived), hasMore: request.all && revived == Self.batchSize)
        }
    }
}

/// Dead letters stand in the order of their subscribers, and those of each as they were published.
private struct DeadLetterPosition: PagePosition {
    let subscriber: String
    let place: Int64

    init(_ letter: StoredDeadLetter) {
        subscriber = letter.subscriber
        place = letter.place
    }

    init?(sortKey: String) {
        let parts = sortKey.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let place = Int64(parts[0]) else { return nil }
        self.place = place
        subscriber = String(parts[1])
    }

    var sortKey: String { "\(place) \(subscriber)" }
}

extension DeadLetter {
    fileprivate init(_ stored: StoredDeadLetter) {
        self.init(
            eventID: stored.eventID, eventType: stored.type, aggregateID: stored.aggregateID, subscriber: stored.subscriber,
            reason: stored.reason, attempts: Int32(truncatingIfNeeded: stored.attempts),
            occurredAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: stored.createdAt)),
            diedAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: stored.diedAt)))
    }
}
