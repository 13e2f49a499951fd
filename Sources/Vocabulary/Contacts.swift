/// How somebody can be reached, in the form in which it is compared; nil where nothing is said of it.
public struct Contacts: Hashable, Sendable {
    /// The address, in lower case.
    public let email: String?
    /// The number, however it is written.
    public let phone: PhoneNumber?

    /// - Parameters: the address and the number as people write them, and where numbers without a country code are dialled.
    public init(email: String?, phone: String?, in region: PhoneRegion) {
        self.email = email?.lowercased()
        self.phone = phone.map { PhoneNumber($0, in: region) }
    }

    /// Whether both say an address, or a number, and it is the same one.
    public func agree(with other: Contacts) -> Bool {
        (email != nil && email == other.email) || (phone != nil && phone == other.phone)
    }

    /// Whether both say an address, or a number, and it is another one.
    public func contradict(_ other: Contacts) -> Bool {
        differ(email, other.email) || differ(phone, other.phone)
    }

    private func differ<Value: Equatable>(_ mine: Value?, _ other: Value?) -> Bool {
        mine != nil && other != nil && mine != other
    }
}
