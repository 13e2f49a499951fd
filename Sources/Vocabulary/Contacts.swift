/// How somebody can be reached, in the form in which it is compared; nil where nothing is said of it.
public struct Contacts: Hashable, Sendable {
    /// The address, in lower case.
    public let email: String?
    /// The number, however it is punctuated.
    public let phone: String?

    /// - Parameters: the address and the number as people write them.
    public init(email: String?, phone: String?) {
        self.email = email?.lowercased()
        self.phone = phone.map { String($0.unicodeScalars.filter { ("0"..."9").contains($0) }) }
    }

    /// Whether both say an address, or a number, and it is the same one.
    public func agree(with other: Contacts) -> Bool {
        (email != nil && email == other.email) || (phone != nil && phone == other.phone)
    }

    /// Whether both say an address, or a number, and it is another one.
    public func contradict(_ other: Contacts) -> Bool {
        differ(email, other.email) || differ(phone, other.phone)
    }

    private func differ(_ mine: String?, _ other: String?) -> Bool {
        mine != nil && other != nil && mine != other
    }
}
