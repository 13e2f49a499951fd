import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import ServiceKit

/// Asks a process for its metrics.
public enum MetricsReading {
    /// In Prometheus' text format.
    public static func text(at address: NetworkAddress) async throws -> String {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://\(address)/metrics"), timeout: .seconds(10))
        guard response.status == .ok else { throw MetricsRefused(status: Int(response.status.code)) }
        return String(buffer: try await response.body.collect(upTo: 64 << 20))
    }
}

/// Something else than metrics was answered.
struct MetricsRefused: Error, CustomStringConvertible {
    let status: Int
    var description: String { "it answered \(status)" }
}
