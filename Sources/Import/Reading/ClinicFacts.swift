/// What has to be known of the hospital to read a file for it.
public struct ClinicFacts: Hashable, Sendable {
    /// The IANA name of the clinic's zone.
    public var timeZone: String
    /// ISO 4217.
    public var currency: String

    public init(timeZone: String, currency: String) {
        self.timeZone = timeZone
        self.currency = currency
    }
}
