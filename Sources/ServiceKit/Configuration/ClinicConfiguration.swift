public import Vocabulary

/// What holds for the whole clinic.
public struct ClinicConfiguration: Hashable, Sendable {
    /// As it stands in a sentence of a message.
    public var name: String
    /// An IANA name that exists: `Asia/Kolkata`.
    public var timeZone: String
    /// An ISO 4217 code: `INR`.
    public var currency: String
    /// What a consultation costs where the doctor has no fee of his own, in minor units.
    public var consultationFee: Int64
    /// Where telephone numbers without a country code are dialled.
    public var phoneRegion: PhoneRegion

    public init(
        name: String = "the clinic", timeZone: String = "Asia/Kolkata", currency: String = "INR", consultationFee: Int64 = 50_000,
        phoneRegion: PhoneRegion = .india
    ) {
        self.name = name
        self.timeZone = timeZone
        self.currency = currency
        self.consultationFee = consultationFee
        self.phoneRegion = phoneRegion
    }

    /// Amounts of money that a bill may have (billing rule 1).
    static let fees: ClosedRange<Int64> = 1...1_000_000_000_000
}
