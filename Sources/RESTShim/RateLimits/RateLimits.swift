import NIOCore
import RPC
import ServiceKit
import SharedCache

/// How often one address and one caller may ask, whatever they ask for. Each process of the shim counts for itself; where there is a cache,
/// it learns what the others count (``SharedBuckets``).
///
/// An address is asked about first, before anything is done for a request. What comes from this machine itself has no limit. Where a
/// proxy stands in front, here or elsewhere, its clients are told apart by ``TrustedProxies``.
final class RateLimits: Sendable {
    private let addresses: SharedBuckets<ClientAddress>?
    private let callers: SharedBuckets<String>?
    private let proxies: TrustedProxies

    /// - Parameter cache: in which replicas tell each other what they count; nil for none.
    init(_ rates: HTTPRates, cache: SharedCache? = nil) {
        addresses = RateLimit(perSecond: rates.ofAddress).map { SharedBuckets($0, "address", cache) }
        callers = RateLimit(perSecond: rates.ofCaller).map { SharedBuckets($0, "caller", cache) }
        proxies = TrustedProxies(networks: rates.trustedProxies)
    }

    /// Counts a request of whoever it comes from.
    ///
    /// - Returns: nil, or how long he has to wait, and then it counts for nothing.
    func wait(of request: HTTPRequest) -> TimeAmount? {
        guard let addresses, let client = distantClient(of: request) else { return nil }
        return addresses.take(of: ClientAddress(client))
    }

    /// The same by whose token it has.
    func wait(of caller: AdmittedCaller, sending request: HTTPRequest) -> TimeAmount? {
        guard let callers, distantClient(of: request) != nil else { return nil }
        return callers.take(of: caller.principal.subject)
    }

    /// Nil for this machine itself.
    private func distantClient(of request: HTTPRequest) -> IPAddress? {
        guard let peer = request.connection.peer else { return nil }
        let client = proxies.isEmpty ? peer : proxies.client(behind: peer, request.headers.forwardedFor)
        return client.isLoopback ? nil : client
    }
}
