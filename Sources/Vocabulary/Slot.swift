/// What one appointment takes of a doctor's and a patient's time: half-open, `[start, end)`.
///
/// Any stretch can be asked for; ``ClinicCalendar`` knows which of them lie on the clinic's grid.
public struct Slot: Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    /// How long every slot on the grid lasts, in real time.
    public static let length = Duration.seconds(30 * 60)

    /// - Parameter end: nil for the end that every slot on the grid has.
    public init(start: Instant, end: Instant? = nil) {
        self.start = start
        self.end = end ?? start + Self.length
    }

    /// Whether any of the slot lies in the time from `start` to before `end`.
    public func overlaps(from start: Instant, to end: Instant) -> Bool {
        self.start < end && start < self.end
    }
}
