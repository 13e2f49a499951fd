import Foundation
public import ServiceKit

/// Where one process of a hospital tells its metrics.
public struct MetricsTarget: Hashable, Sendable {
    /// `patient`, `patient.2`, `rest`
    public let process: String
    public let address: NetworkAddress

    public init(process: String, address: NetworkAddress) {
        self.process = process
        self.address = address
    }

    /// The service that it is a replica of: `patient`.
    public var service: String { String(process.prefix { $0 != "." }) }
    /// Counted from 1.
    public var replica: Int { process.split(separator: ".").last.flatMap { Int($0) } ?? 1 }
}

extension MetricsTarget {
    /// An entry of the file, as Prometheus wants it.
    private struct Entry: Codable {
        var targets: [String]
        var labels: [String: String]
    }

    /// Writes them so that who reads meanwhile has the old file or the new one.
    static func write(_ targets: [MetricsTarget], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let entries = targets.map {
            Entry(targets: [$0.address.description], labels: ["service": $0.service, "replica": "\($0.replica)"])
        }
        do {
            try encoder.encode(entries).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw DataFolderError.unusable(path: path, reason: error.localizedDescription)
        }
    }

    static func read(_ path: String) throws -> [MetricsTarget] {
        do {
            let entries = try JSONDecoder().decode([Entry].self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
            return entries.flatMap { entry in
                entry.targets.compactMap(NetworkAddress.init).map { address in
                    let (service, replica) = (entry.labels["service"] ?? "", entry.labels["replica"] ?? "1")
                    return MetricsTarget(process: replica == "1" ? service : "\(service).\(replica)", address: address)
                }
            }
        } catch {
            throw DataFolderError.unusable(path: path, reason: "it does not say where metrics are")
        }
    }
}
