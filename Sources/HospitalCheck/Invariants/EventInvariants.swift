import Storage

/// Events between the services: each one arrives, and is applied once.
extension Invariants {
    static func events(along routes: [EventRoute]) -> [Invariant] {
        let services = Set(routes.flatMap { [$0.producer, $0.subscriber] })
        let producers = Set(routes.map(\.producer))
        return [
            Invariant("Every event was delivered to everybody who hears of it, or is a dead letter", of: services, .inTheEnd) {
                try $0.finding(along: routes, in: undelivered)
            },
            Invariant("Every event that was delivered has been applied, once", of: services, .acrossServices) {
                try $0.finding(along: routes, in: unapplied)
            },
            Invariant("No event was given up: there is no dead letter", of: producers) { evidence in
                try Finding(looking: producers.sorted()) { try deadLetters($0, in: evidence.files) }
            },
            Invariant("Events that were set aside or given up are kept, and the oldest of each is tried again", of: producers) { evidence in
                try Finding(looking: producers.sorted()) { producer in
                    try lost(producer, in: evidence.files) + stuck(producer, in: evidence.files)
                }
            },
        ]
    }

    private static func deadLetters(_ producer: String, in files: any DatabasesSideBySide) throws -> [String] {
        try files.read { reader in
            try reader.rows(
                """
                SELECT o.event_id, d.subscriber, d.reason FROM \(producer).hms_outbox_dead d
                JOIN \(producer).hms_outbox o ON o.sequence = d.sequence ORDER BY d.subscriber, d.sequence
                """
            ) { "\(producer) → \($0.text(1)): \($0.text(0)) was refused: \($0.text(2))" }
        }
    }

    /// What is set aside or given up, but is no event of the outbox any more.
    private static func lost(_ producer: String, in files: any DatabasesSideBySide) throws -> [String] {
        try files.read { reader in
            try reader.rows(
                """
                SELECT subscriber, sequence FROM (SELECT subscriber, sequence FROM \(producer).hms_outbox_held
                    UNION SELECT subscriber, sequence FROM \(producer).hms_outbox_dead) kept
                WHERE NOT EXISTS (SELECT 1 FROM \(producer).hms_outbox o WHERE o.sequence = kept.sequence) ORDER BY subscriber, sequence
                """
            ) { "\(producer) → \($0.text(0)): the event at place \($0.int64(1)) is gone" }
        }
    }

    /// Aggregates with events set aside of which not just the oldest has a time at which it is tried again.
    private static func stuck(_ producer: String, in files: any DatabasesSideBySide) throws -> [String] {
        try files.read { reader in
            try reader.rows(
                """
                SELECT subscriber, aggregate_id FROM \(producer).hms_outbox_held GROUP BY subscriber, aggregate_id
                HAVING min(sequence) IS DISTINCT FROM min(CASE WHEN due_at IS NOT NULL THEN sequence END) OR count(due_at) <> 1
                ORDER BY subscriber, aggregate_id
                """
            ) { "\(producer) → \($0.text(0)): \($0.text(1)) waits for nothing" }
        }
    }

    /// Events of a route that are still to be delivered: behind the subscriber's place in the outbox, or held for another
    /// try.
    static func undelivered(_ route: EventRoute, in files: any DatabasesSideBySide) throws -> [String] {
        try files.read { reader in
            try reader.rows(
                """
                SELECT o.event_id FROM \(route.producer).hms_outbox o
                WHERE o.type IN (\(route.typeList)) AND (
                    o.sequence > COALESCE((SELECT position FROM \(route.producer).hms_outbox_cursors WHERE subscriber = ?), 0)
                    OR EXISTS (SELECT 1 FROM \(route.producer).hms_outbox_held h WHERE h.subscriber = ? AND h.sequence = o.sequence))
                ORDER BY o.sequence
                """, route.typeArguments + Array(repeating: .text(route.subscriber), count: 2)
            ) { $0.text(0) }
        }
    }

    /// Events of a route that count as delivered, but that the subscriber has never claimed. The claim is the inbox's
    /// primary key, so there can't be two.
    private static func unapplied(_ route: EventRoute, in files: any DatabasesSideBySide) throws -> [String] {
        try files.read { reader in
            try reader.rows(
                """
                SELECT o.event_id FROM \(route.producer).hms_outbox o
                WHERE o.type IN (\(route.typeList))
                    AND o.sequence <= COALESCE((SELECT position FROM \(route.producer).hms_outbox_cursors WHERE subscriber = ?), 0)
                    AND NOT EXISTS (SELECT 1 FROM \(route.producer).hms_outbox_held h WHERE h.subscriber = ? AND h.sequence = o.sequence)
                    AND NOT EXISTS (SELECT 1 FROM \(route.producer).hms_outbox_dead d WHERE d.subscriber = ? AND d.sequence = o.sequence)
                    AND NOT EXISTS (SELECT 1 FROM \(route.subscriber).hms_inbox i WHERE i.consumer = ? AND i.event_id = o.event_id)
                ORDER BY o.sequence
                """, route.typeArguments + Array(repeating: .text(route.subscriber), count: 4)
            ) { $0.text(0) }
        }
    }
}

extension Evidence {
    /// Looks along every route and says on which one each breach is.
    fileprivate func finding(along routes: [EventRoute], in breaches: (EventRoute, any DatabasesSideBySide) throws -> [String]) throws
        -> Finding
    {
        try routes.reduce(Finding(count: 0, breaches: [])) { finding, route in
            let count = try files.read { reader in
                try reader.row(
                    "SELECT count(*) FROM \(route.producer).hms_outbox WHERE type IN (\(route.typeList))", route.typeArguments
                ) { $0.int(0) }
            }
            return finding + Finding(count: count ?? 0, breaches: try breaches(route, files).map { "\(route): \($0)" })
        }
    }
}

extension EventRoute {
    fileprivate var typeList: String { types.map { _ in "?" }.joined(separator: ", ") }
    fileprivate var typeArguments: [SQLValue] { types.sorted().map { .text($0) } }
}
