import ArgumentParser
import Foundation
import HospitalCheck
import PlainText
import ServiceKit
import Storage
import Vocabulary

/// `hms audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows who has read and changed what, and whether that is as it was written.",
        subcommands: [AuditVerify.self, AuditExport.self, AuditRestored.self])
}

/// `hms audit verify`
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Looks whether an audit entry was edited, deleted, moved, put in or cut off at the end.",
        discussion: """
            Each service chains its entries by hashes, every second, and tells the end of its chain every minute to another service, \
            which keeps it, and in DATA/audit/anchors.ndjson. What is found is told by the number of the entry. Entries of the last second are counted as not chained yet. \
            Works on a hospital at rest and on a running one, which writes a backup of itself for it on SQLite.

            A copy of anchors.ndjson that lies where nobody of the hospital's can change it proves more: name it by --anchors.

            Entries younger than HMS_AUDIT_RETENTION that are said to be forgotten by their age are told as deleted. Where that was \
            made longer since, say by --kept-since from when on nothing may be missing.

            A hospital that was restored from an archive lacks what was recorded after it. “hms restore” and “hms audit restored” write that into the audits, and \
            it is always told here. What was anchored in between is missing all the same, as it would be where somebody has cut it off: \
            say by --restored that you know of the restore of that time, and it counts as no breach.

            The status is 0 where everything is as it was written, 1 where something is not, 2 where it could not be looked at.

            EXAMPLES
              hms audit verify
              hms audit verify --data /srv/clinic --anchors /mnt/elsewhere/anchors.ndjson
              hms audit verify --anchors /mnt/elsewhere/anchors.ndjson --restored 2026-11-28T09:30:12.345Z
            """)

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    @Option(help: ArgumentHelp("Another file of anchors, beside the one of the data folder.", valueName: "file"))
    var anchors: String?

    @Option(
        help: ArgumentHelp(
            "What was recorded since then may not be missing, as RFC 3339; else as long ago as entries are kept.", valueName: "time"))
    var keptSince: String?

    @Option(
        help: ArgumentHelp("A time of a restore that you know of, as it is told here, RFC 3339; may be given again.", valueName: "time"))
    var restored: [String] = []

    func validate() throws {
        if let keptSince, Instant(rfc3339: keptSince) == nil {
            throw ValidationError("--kept-since must be a time like 2026-11-01T00:00:00Z.")
        }
        for time in restored where Instant(rfc3339: time) == nil {
            throw ValidationError("--restored must be a time like 2026-11-01T00:00:00Z.")
        }
    }

    func run() async throws {
        var verdicts: [AuditVerdict] = []
        do {
            let configuration = try data.configuration()
            let reading = AuditReading(configuration, services: HospitalServices.names)
            var anchored = try reading.anchors()
            if let anchors { anchored.merge(try AuditReading.anchors(at: anchors)) { $0 + $1 } }
            let since = keptSince.flatMap(Instant.init(rfc3339:)) ?? Self.beginning(of: configuration.auditRetention)
            let known = Set(restored.compactMap(Instant.init(rfc3339:)).map(\.millisecondsSinceEpoch))
            verdicts = try await HospitalDatabases(data, token).readDated { [anchored] databases, copiedSince in
                let kept = try reading.keptAnchors(databases, copiedSince: copiedSince)
                return try reading.verify(
                    databases, against: anchored.merging(kept) { $0 + $1 }, keptSince: since.millisecondsSinceEpoch, restoredAt: known)
            }
            try RestoresReport(verdicts).require(known)
        } catch {
            Output.remark("Error: \(error)")
            throw ExitCode(2)
        }
        Output.print(Self.text(of: verdicts))
        let restores = RestoresReport(verdicts)
        if !restores.isEmpty { Output.print("\n\(restores)") }
        if verdicts.contains(where: { !$0.findings.breaches.isEmpty }) { throw ExitCode(1) }
    }

    /// From when on everything must be there, with an hour for clocks that differ.
    private static func beginning(of retention: Duration) -> Instant {
        Instant(millisecondsSinceEpoch: SystemTime.millisecondsSinceEpoch()) - retention + .seconds(3_600)
    }

    private static func text(of verdicts: [AuditVerdict]) -> String {
        var table = TextTable("SERVICE", "VERDICT", "ENTRIES", "NOT CHAINED YET", "FORGOTTEN", "ANCHORS", "END OF THE CHAIN")
        for verdict in verdicts {
            let findings = verdict.findings
            table.add(
                verdict.service, findings.breaches.isEmpty ? "as written" : "BROKEN", "\(findings.entries)", "\(findings.unsealed)",
                "\(findings.purgedThrough)", "\(findings.anchors)", "\(findings.head.place) \(findings.head.hexHash.prefix(16))")
        }
        let breaches = verdicts.flatMap { verdict in verdict.findings.breaches.map { "\(verdict.service): \($0)" } }
        return ([table.description] + (breaches.isEmpty ? [] : [breaches.joined(separator: "\n")])).joined(separator: "\n\n")
    }
}

/// `hms audit export`
struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes who has read and changed what, one JSON document a line, service by service.",
        discussion: """
            EXAMPLES
              hms audit export > audit.ndjson
              hms audit export --patient pat_01hv… --from 2026-11-01T00:00:00Z
              hms audit export --actor dr-lee --kind read
              hms audit export --break-glass
            """)

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    @Option(help: ArgumentHelp("Of this caller only: the subject of his token.", valueName: "subject"))
    var actor: String?

    @Option(help: ArgumentHelp("Of this patient only.", valueName: "id"))
    var patient: String?

    @Option(help: ArgumentHelp("read or change.", valueName: "kind"))
    var kind: String?

    @Flag(help: "Only where the caller said why he needed it.")
    var withReason = false

    @Flag(help: "Only emergency access: where a doctor has read somebody whom he does not treat.")
    var breakGlass = false

    @Option(help: ArgumentHelp("Recorded then or later, as RFC 3339.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Recorded before, as RFC 3339.", valueName: "time"))
    var to: String?

    func validate() throws {
        for (name, text) in [("--from", from), ("--to", to)] {
            if let text, Instant(rfc3339: text) == nil { throw ValidationError("\(name) must be a time like 2026-11-01T00:00:00Z.") }
        }
        if let kind, AuditEntry.Kind(rawValue: kind) == nil { throw ValidationError("--kind must be read or change.") }
    }

    func run() async throws {
        var lines = LineOutput()
        try await HospitalDatabases(data, token).read { databases in
            for service in HospitalServices.names {
                try databases.read { reader in
                    try reader.forEachAuditEntry(of: service) { number, entry in
                        if isWanted(entry) { try lines.add(try AuditLine(entry, number, service).json()) }
                        return true
                    }
                }
            }
        }
        try lines.flush()
    }

    private func isWanted(_ entry: AuditEntry) -> Bool {
        if let actor, entry.actor != actor { return false }
        if let patient, !entry.patients.contains(patient) { return false }
        if let kind, entry.kind.rawValue != kind { return false }
        if breakGlass, !entry.isEmergency { return false }
        if withReason, entry.reason.isEmpty { return false }
        let time = Instant(millisecondsSinceEpoch: entry.recordedAt)
        if let from = from.flatMap(Instant.init(rfc3339:)), time < from { return false }
        if let to = to.flatMap(Instant.init(rfc3339:)), time >= to { return false }
        return true
    }
}

/// An entry as the export has it.
struct AuditLine: Encodable {
    let service: String
    let sequence: Int64
    let part: Int
    let at: String
    let actor: String
    let role: String
    let address: String
    let correlationID: String
    let method: String
    let kind: String
    let patientIDs: [String]
    let recordIDs: [String]
    let fields: [String]
    let result: String
    let reason: String

    enum CodingKeys: String, CodingKey {
        case service, sequence, part, at, actor, role, address, method, kind, fields, result, reason
        case correlationID = "correlation_id"
        case patientIDs = "patient_ids"
        case recordIDs = "record_ids"
    }

    init(_ entry: AuditEntry, _ number: AuditNumber, _ service: String) {
        self.service = service
        sequence = number.sequence
        part = number.part
        at = Instant(millisecondsSinceEpoch: entry.recordedAt).rfc3339
        actor = entry.actor
        role = entry.role
        address = entry.address
        correlationID = entry.correlationID
        method = entry.method
        kind = entry.kind.rawValue
        patientIDs = entry.patients
        recordIDs = entry.records
        fields = entry.fields
        result = entry.result
        reason = entry.reason
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
