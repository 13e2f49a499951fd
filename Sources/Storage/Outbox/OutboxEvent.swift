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
    /// What it is part of; nil where nobody wants to know, or the write says it (``Transaction/origin``).
    public let origin: WorkOrigin?

    public init(
        id: String, type: String, aggregateID: String, payload: [UInt8], correlationID: String, createdAt: Int64,
        origin: WorkOrigin? = nil
    ) {
        self.origin = origin
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
    public func publish(_ event: OutboxEvent) throws {
        publishedTypes.insert(event.type)
        try enqueue(
            """
            INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at, traceparent, tracestate)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, event.columns(originIn: self))
    }

    /// The same, for those who want to know whether it arrives.
    ///
    /// - Returns: its place, by which ``Reader/countUndelivered(_:to:)`` knows it.
    public func publishPlaced(_ event: OutboxEvent) throws -> Int64 {
        try publishPending(event).get() ?? 0
    }

    /// The same for those who want its place later.
    public func publishPending(_ event: OutboxEvent) throws -> PendingRow<Int64> {
        publishedTypes.insert(event.type)
        return try pendingRow(
            """
            INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at, traceparent, tracestate)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence
            """, event.columns(originIn: self)
        ) { $0.int64(0) }
    }
}

extension OutboxEvent {
    fileprivate func columns(originIn transaction: Transaction) -> [SQLValue] {
        let origin = origin ?? transaction.origin
        return [
            .text(id), .text(type), .text(aggregateID), .blob(payload), .text(correlationID), .integer(createdAt),
            SQLValue(origin?.traceparent), SQLValue(origin?.traceState),
        ]
    }
}
