import NIOHTTP1

/// Whether a page of ours has sent a request, and not one of another site in somebody's browser. Browsers tell it in fields that no page can
/// change: `Sec-Fetch-Site` (W3C Fetch Metadata), and `Origin` (RFC 6454) where that is not sent, as over plain HTTP.
enum SameOrigin {
    /// Whether a request that a cookie vouches for may change something: only where the browser says that it comes from here.
    static func isProved(by request: HTTPRequest, isSecure: Bool) -> Bool {
        if let site = request.headers.fetchSite { return site == "same-origin" }
        guard let origin = request.headers.origin else { return false }
        return isOurs(origin, request.headers.host, isSecure: isSecure)
    }

    /// Whether anything says that a request comes from elsewhere. Programs say nothing.
    static func isDisproved(by request: HTTPRequest, isSecure: Bool) -> Bool {
        if let site = request.headers.fetchSite { return site != "same-origin" && site != "none" }
        guard let origin = request.headers.origin else { return false }
        return !isOurs(origin, request.headers.host, isSecure: isSecure)
    }

    private static func isOurs(_ origin: String, _ host: String?, isSecure: Bool) -> Bool {
        guard let host = host?.lowercased(), !host.isEmpty else { return false }
        let origin = origin.lowercased()
        return origin == "https://\(host)" || (!isSecure && origin == "http://\(host)")
    }
}

extension HTTPMethod {
    /// RFC 9110, 9.2.1: whoever asks with it wants nothing changed.
    var isSafe: Bool { self == .GET || self == .HEAD || self == .OPTIONS }
}
