import Foundation
import HMSTestKit
import Storage

/// Strings that tell who somebody is, as nobody else has them, and where they are to be found.
struct Canary {
    let strings: [String]

    /// Where each is found in anything that a hospital keeps on a disk: in the bytes of every file in its folder and, on
    /// PostgreSQL, in every column of every table.
    func hits(in whole: WholeHospital) async throws -> [String: Set<String>] {
        var hits = try hits(inFilesOf: whole.hospital.folder.path)
        if !TestHospital.isOnSQLite {
            for database in whole.databases.values { hits.merge(try await self.hits(in: database)) { $0.union($1) } }
        }
        return hits
    }

    private func hits(inFilesOf folder: String) throws -> [String: Set<String>] {
        var hits = Dictionary(uniqueKeysWithValues: strings.map { ($0, Set<String>()) })
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            // One that is gone meanwhile holds nothing.
            guard let content = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            for string in strings where content.range(of: Data(string.utf8)) != nil { hits[string]?.insert(name) }
        }
        return hits
    }

    /// Rows as text, in which bytes stand in hexadecimal digits.
    private func hits(in database: Database) async throws -> [String: Set<String>] {
        try await database.scan { [strings] reader in
            let tables = try reader.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()") { $0.text(0) }
            var hits: [String: Set<String>] = [:]
            for table in tables {
                try reader.forEachRow("SELECT t::text FROM \"\(table)\" t") { row in
                    let text = row.text(0)
                    for string in strings where text.contains(string) || text.contains(Self.hexadecimal(string)) {
                        hits[string, default: []].insert(table)
                    }
                    return true
                }
            }
            return hits
        }
    }

    private static func hexadecimal(_ string: String) -> String {
        string.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
