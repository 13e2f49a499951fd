import NotificationRules

/// Somebody who can be told something.
struct Person: Hashable, Sendable {
    let name: String
    let email: String?
    let phone: String?

    /// His address or number for a channel; nil where he has none.
    func address(for channel: Channel) -> String? {
        let address = channel == .email ? email : phone
        return address?.isEmpty == true ? nil : address
    }
}
