import ServiceKit

/// Reverse proxies whose word is taken for where a request comes from.
struct TrustedProxies: Sendable {
    let networks: [IPNetwork]

    var isEmpty: Bool { networks.isEmpty }

    /// Whoever is the first on the way back that is no proxy of ours. What is written before him anybody may have written.
    ///
    /// - Parameters:
    ///   - peer: who has connected.
    ///   - forwarded: `X-Forwarded-For`, to which each proxy appends whom it heard it from.
    func client(behind peer: IPAddress, _ forwarded: String?) -> IPAddress {
        var client = peer
        guard let forwarded else { return client }
        for hop in forwarded.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard isTrusted(client), let before = IPAddress(forwarded: hop) else { break }
            client = before
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }
}
