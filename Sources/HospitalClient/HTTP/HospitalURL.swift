import Foundation
import ServiceKit

/// Where a hospital's public API is: `http://host:port`, without a path.
public struct HospitalURL: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    let isOfThisMachine: Bool

    public init(_ text: String) throws {
        guard let url = URLComponents(string: text), url.scheme == "http" || url.scheme == "https",
            let host = url.host, !host.isEmpty, url.user == nil, url.query == nil, url.fragment == nil
        else { throw HospitalURLError(text: text) }
        isOfThisMachine = NetworkAddress(host: host, port: 0).isLoopback
        description = text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// The text names no place where a hospital could be.
public struct HospitalURLError: Error, CustomStringConvertible {
    let text: String
    public var description: String { "“\(text)” is no hospital's address: write http://HOST:PORT or https://HOST:PORT" }
}
