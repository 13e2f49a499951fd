public import Contracts
public import Storage

extension Reader {
    /// Every event in the outbox, the oldest first.
    public func publishedEvents() throws -> [Event] {
        try rows("SELECT event_id, type, aggregate_id, payload, correlation_id, created_at FROM hms_outbox ORDER BY sequence") { row in
            Event(
                eventID: row.text(0), eventType: row.text(1), aggregateID: row.text(2),
                occurredAt: ProtobufTimestamp(
                    seconds: row.int64(5) / 1_000, nanos: Int32(truncatingIfNeeded: row.int64(5) % 1_000 * 1_000_000)),
                correlationID: row.text(4), payload: row.blob(3))
        }
    }
}
