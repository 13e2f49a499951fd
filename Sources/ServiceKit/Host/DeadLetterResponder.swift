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
        let rows = try PageSize.rows(request.pageSize)
        let start = try request.start()
        let subscriber = request.subscriber.isEmpty ? nil : request.subscriber
        let (found, total) = try await database.scan { reader in
            let counts = try reader.deadLetterCounts().filter { subscriber == nil || subscriber == $0.key }
            return (try reader.deadLetters(of: subscriber, after: start, limit: rows + 1), counts.values.reduce(0, +))
        }
        return ListDeadLettersResponse(
            deadLetters: found.prefix(rows).map(DeadLetter.init),
            nextPageToken: found.count > rows ? request.pageToken(after: found[rows - 1]) : "", total: Int64(total))
    }

    func reviveDeadLetters(_ request: ReviveDeadLettersRequest, _ context: CallContext) async throws -> ReviveDeadLettersResponse {
        guard request.all == request.eventIds.isEmpty else {
            throw RPCError.invalidArgument(
                "Name the events, or ask for all.",
                violations: [FieldViolation(field: "event_ids", message: "must be given, or all must be true, and not both")])
        }
        let subscriber = request.subscriber.isEmpty ? nil : request.subscriber
        let revived = try await database.write { transaction in
            if request.all { return try transaction.reviveDeadLetters(of: subscriber, limit: Self.batchSize) }
            return try request.eventIds.reduce(0) { try $0 + transaction.revive(eventID: $1, for: subscriber) }
        }
        return ReviveDeadLettersResponse(
            revived: Int32(truncatingIfNeeded: revived), hasMore: request.all && revived == Self.batchSize)
    }
}

extension ListDeadLettersRequest {
    private var filters: [String] { ["dead letters", subscriber] }

    /// The dead letter after which the page begins.
    ///
    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func start() throws -> (subscriber: String, place: Int64)? {
        guard let key = try PageToken.sortKey(in: pageToken, filters: filters) else { return nil }
        let parts = key.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let place = Int64(parts[0]) else { return nil }
        return (String(parts[1]), place)
    }

    fileprivate func pageToken(after last: StoredDeadLetter) -> String {
        PageToken.make(after: "\(last.place) \(last.subscriber)", filters: filters)
    }
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
