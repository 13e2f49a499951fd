public import Vocabulary

/// What happened, as far as a text may tell of it. There is no place in it for a diagnosis, a medication, or whatever
/// somebody wrote as a reason (notification rule 4).
public struct Occurrence: Hashable, Sendable {
    public let event: NotificationEvent
    /// The id that people name when they ask: of the appointment, bill, payment or prescription.
    public let reference: String
    /// When the appointment begins; nil where the event is not about one.
    public let slotStart: Instant?
    /// Where the appointment was before it was moved.
    public let previousSlotStart: Instant?
    public let isByClinic: Bool
    public let amount: Money?

    public init(
        _ event: NotificationEvent, reference: String, slotStart: Instant? = nil, previousSlotStart: Instant? = nil,
        isByClinic: Bool = false, amount: Money? = nil
    ) {
        self.event = event
        self.reference = reference
        self.slotStart = slotStart
        self.previousSlotStart = previousSlotStart
        self.isByClinic = isByClinic
        self.amount = amount
    }
}
