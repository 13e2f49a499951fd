import Foundation
public import ServiceKit
public import Storage

/// The audits of all services, whether their hospital runs or not, on either engine.
public struct AuditReading: Sendable {
    private let configuration: HospitalConfiguration
    private let services: [String]

    public init(_ configuration: HospitalConfiguration, services: [String]) {
        self.configuration = configuration
        self.services = services
    }

    /// Holds every service's chain to itself and to what was anchored.
    ///
    /// - Parameters:
    ///   - instant: what was recorded since then may not be forgotten yet, in UTC milliseconds.
    ///   - known: when the hospital was restored, as far as whoever verifies knows of it, in UTC milliseconds: what was anchored before
    ///     such a time and is in the archive no more is no breach.
    public func verify(
        _ databases: any DatabasesSideBySide, against anchors: [String: [WrittenAnchor]], keptSince instant: Int64,
        restoredAt known: Set<Int64>
    ) throws -> [AuditVerdict] {
        try services.map { service in
            let written = anchors[service] ?? []
            let pass = try databases.read { try $0.passThroughAudit(of: service, noting: written.map(\.anchor)) }
            let (restored, left) = RestoredAudit.settle(pass.restorations, against: written, known: known)
            return AuditVerdict(service: service, findings: pass.findings(against: left, keptSince: instant), restored: restored)
        }
    }

    /// What services keep for one another, by the service whose chain it is.
    ///
    /// - Parameter copiedSince: when the first of the databases was copied, in UTC milliseconds: one that was copied early is not held
    ///   to what a later copy says of the time after. Nil where all are of one moment.
    public func keptAnchors(_ databases: any DatabasesSideBySide, copiedSince: Int64?) throws -> [String: [WrittenAnchor]] {
        try services.reduce(into: [:]) { all, keeper in
            let kept = try databases.read { try $0.writtenAnchors(in: keeper) }
            all.merge(kept.mapValues { $0.filter { $0.writtenAt ?? .min < copiedSince ?? .max } }) { $0 + $1 }
        }
    }

    /// What was anchored in a file, by the service. Read before the databases are, so that these have come at least as far.
    public func anchors() throws -> [String: [WrittenAnchor]] {
        let path = AuditAnchors.path(in: configuration.dataFolder)
        return FileManager.default.fileExists(atPath: path) ? try Self.anchors(at: path) : [:]
    }

    public static func anchors(at path: String) throws -> [String: [WrittenAnchor]] {
        let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n"))
        let heads = try lines.enumerated().compactMap { number, line in
            do {
                return try JSONDecoder().decode(AnchorLine.self, from: line)
            } catch {
                // A process that was killed while it wrote leaves half of the last line.
                if number == lines.count - 1 { return nil }
                throw UnreadableAnchor(path: path, line: number + 1)
            }
        }
        return Dictionary(grouping: heads, by: \.service).mapValues { $0.map(\.anchor) }
    }
}

/// What verifying one service's audit has come to.
public struct AuditVerdict: Sendable {
    public let service: String
    public let findings: AuditFindings
    /// When its database was set back to an archive, the oldest first.
    public let restored: [RestoredAudit]
}

/// A line of the file of anchors is not what a service writes.
public struct UnreadableAnchor: Error, CustomStringConvertible {
    let path: String
    let line: Int
    public var description: String { "\(path), line \(line): no service has written this" }
}

private struct AnchorLine: Decodable {
    let service: String
    let place: Int64
    let hash: String
    let recordedAt: Int64?
    let at: Int64?

    private enum CodingKeys: String, CodingKey {
        case service, place, hash, at
        case recordedAt = "recorded_at"
    }

    var anchor: WrittenAnchor {
        let digits = Array(hash.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16)
        }
        return WrittenAnchor(AuditAnchor(AuditHead(place: place, hash: bytes), recordedAt: recordedAt), writtenAt: at)
    }
}
