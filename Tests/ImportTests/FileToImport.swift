import Foundation
import PlainText
import Vocabulary

@testable import Import

/// A file on disk for as long as a test looks at it, and what it becomes.
enum FileToImport {
    static func with<Result>(_ bytes: [UInt8], _ body: (_ path: String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "/import-\(UUID().uuidString).csv"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    struct Read {
        var records: [JSONValue] = []
        var problems: [String] = []
        let notes: [String]
    }

    /// Every row of a text, read for a clinic in New York that counts in rupees. It is 4 October 2024.
    static func read(_ text: String, _ kind: ImportKind, _ configure: (inout ReadingOptions) -> Void = { _ in }) throws -> Read {
        try with(Array(text.utf8)) { path in
            var options = ReadingOptions()
            configure(&options)
            let file = try ImportFile(path: path)
            let clinic = ClinicFacts(timeZone: "America/New_York", currency: "INR")
            let reader = try ReadingPlan(kind, of: file, options: options)
                .reader(of: file, clinic: clinic, today: LocalDate(daysSinceEpoch: 20_000))
            var found = Read(notes: reader.notes)
            var rows = try file.rows()
            while let row = try rows.next() {
                do {
                    found.records.append(try reader.record(from: row.fields))
                } catch {
                    found.problems.append("\(error)")
                }
            }
            return found
        }
    }
}
