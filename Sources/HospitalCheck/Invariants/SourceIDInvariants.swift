import Storage

/// What other systems call our records.
extension Invariants {
    static func sourceIDs(of services: Set<String>) -> [Invariant] {
        let memories = memories.filter { services.contains($0.service) }
        guard !memories.isEmpty else { return [] }
        return [
            Invariant("Every source id means one record, and that is there", of: Set(memories.map(\.service))) { evidence in
                try Finding(looking: memories, evidence, by: \.meaningless)
            },
            Invariant("No record has two ids of one source", of: Set(memories.map(\.service))) { evidence in
                try Finding(looking: memories, evidence, by: \.ambiguous)
            },
        ]
    }

    private static let memories = [
        SourceIDMemory(service: "patient", records: "patients", key: "patient_id"),
        SourceIDMemory(service: "doctor", records: "doctors", key: "doctor_id"),
    ]
}

/// Where a service keeps what other systems call its records.
private struct SourceIDMemory: Sendable {
    let service: String
    let records: String
    let key: String

    private var table: String { "\(service).source_ids" }

    var counting: String { "SELECT count(*) FROM \(table)" }

    /// Ids of records that are not there, and of those that share a source id. What a source calls somebody is personal.
    var meaningless: String {
        """
        SELECT \(key) || ' is not there' FROM \(table) s WHERE NOT EXISTS (SELECT 1 FROM \(service).\(records) r WHERE r.\(key) = s.\(key))
        UNION ALL
        SELECT min(\(key)) || ', ' || max(\(key)) || ' share an id of ' || source FROM \(table) GROUP BY source, source_id HAVING count(*) > 1
        """
    }

    var ambiguous: String {
        "SELECT \(key) || ' has ' || count(*) || ' ids of ' || source FROM \(table) GROUP BY \(key), source HAVING count(*) > 1"
    }
}

extension Finding {
    fileprivate init(looking memories: [SourceIDMemory], _ evidence: Evidence, by breaking: (SourceIDMemory) -> String) throws {
        self = try memories.reduce(Finding(count: 0, breaches: [])) { finding, memory in
            try evidence.files.read { reader in
                let count = try reader.count(memory.counting)
                return finding + Finding(count: count, breaches: try reader.rows(breaking(memory)) { $0.text(0) })
            }
        }
    }
}
