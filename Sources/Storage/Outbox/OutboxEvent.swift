/// Something that happened, committed together with the change it tells of.
public struct OutboxEvent: Hashable, Sendable {
    /// Unique; receivers take an event of the same id once.
    public let id: String
    /// For example `appointment.booked`.
    public let type: String
    /// Events of one aggregate arrive in the order in which they were committed.
    public let aggregateID: String
    public let payload: [UInt8]
    public let correlationID: String
    /// UTC milliseconds.
    public let createdAt: Int64

    public init(id: String, type: String, aggregateID: String, payload: [UInt8], correlationID: String, createdAt: Int64) {
        self.id = id
        self.type = type
        self.aggregateID = aggregateID
        self.payload = payload
        self.correlationID = correlationID
        self.createdAt = createdAt
    }
}

extension Transaction {
    /// Puts the event into the outbox; the relay is woken when this write commits.
    ///
    /// - Returns: its place, by which ``Reader/countUndelivered(_:to:)`` knows it.
    @discardableResult
    public func publish(_ event: OutboxEvent) throws -> Int64 {
        let sequence = try row(
            """
            INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at)
            VALUES (?, ?, ?, ?, ?, ?) RETURNING sequence
            """,
            [
                .text(event.id), .text(event.type), .text(event.aggregateID), .blob(event.payload), .text(event.correlationID),
                .integer(event.createdAt),
            ]
        ) { $0.int64(0) }
        publishedTypes.insert(event.type)
        return sequence ?? 0
    }
}
