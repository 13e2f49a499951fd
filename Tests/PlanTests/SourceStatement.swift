import Foundation

/// A statement as it stands in the sources: what is constant of it, in order, spaces made one.
struct SourceStatement {
    /// From the folder of sources: `BillingService/BillStore.swift`.
    let file: String
    /// What stands before, between and after what is put into it.
    let segments: [String]

    /// Whether SQLite is ever asked it. The rest is portable, or SQLite's alone.
    var isOfSQLite: Bool { !["PatientService/LetterPairStore.swift", "Storage/CommitOrder.swift", "Storage/Lease.swift"].contains(file) }

    /// Nil where something is put into it.
    var whole: String? { segments.count == 1 ? segments[0] : nil }

    /// The books in which its plan stands. What ServiceKit has for every service stands in the book of each.
    var books: [String] {
        let room = String(file.prefix { $0 != "/" })
        switch room {
        case "Storage": return ["storage"]
        case "ServiceKit": return PlanBooks.names.filter { $0 != "storage" }
        default: return [room.replacingOccurrences(of: "Service", with: "").lowercased()]
        }
    }

    func isPart(of statement: String) -> Bool {
        var rest = statement[...]
        for segment in segments where !segment.isEmpty {
            guard let found = rest.range(of: segment) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    /// Every statement of storage and of the services' stores. Migrations run once, and what asks of pragmas reads no table.
    static func all() throws -> [SourceStatement] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        let files = names.filter { $0.hasPrefix("Storage/") && $0.hasSuffix(".swift") || $0.hasSuffix("Store.swift") }
            .filter { !$0.hasPrefix("HMSTestKit/") && !$0.contains("Migrat") && !$0.hasPrefix("Storage/Postgres/") }
            // A copy goes through whole tables, whatever they are.
            .filter { !$0.hasPrefix("Storage/Copy/") }
        return try files.sorted().flatMap { name in
            var reader = LiteralReader(try String(contentsOf: sources.appending(path: name), encoding: .utf8))
            return reader.literals().map { SourceStatement(file: name, segments: $0) }
                .filter { $0.isStatement && $0.isOfSQLite && !$0.segments.contains { $0.contains("pragma_") } }
        }
    }

    private var isStatement: Bool {
        guard let verb = segments.first?.split(separator: " ").first else { return false }
        let verbs: Set<Substring> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
        return verbs.contains(verb) && (segments.count > 1 || segments[0].contains(" "))
    }
}

/// Reads the string literals of Swift code.
private struct LiteralReader {
    private var rest: Substring

    init(_ code: String) {
        rest =
            code.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")[...]
    }

    /// Each as what is constant of it.
    mutating func literals() -> [[String]] {
        var all: [[String]] = []
        while let quote = rest.firstIndex(of: "\"") {
            rest = rest[quote...]
            let delimiter = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
            rest = rest.dropFirst(delimiter.count)
            all.append(segments(until: delimiter).map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") })
        }
        return all
    }

    private mutating func segments(until delimiter: String) -> [String] {
        var segments = [""]
        while !rest.isEmpty, !rest.hasPrefix(delimiter) {
            let character = rest.removeFirst()
            guard character == "\\" else {
                segments[segments.count - 1].append(character)
                continue
            }
            switch rest.isEmpty ? " " : rest.removeFirst() {
            case "(":
                skipInterpolation()
                segments.append("")
            case "\n": continue
            case let escaped: segments[segments.count - 1].append(escaped)
            }
        }
        rest = rest.dropFirst(delimiter.count)
        return segments
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while depth > 0, !rest.isEmpty {
            switch rest.removeFirst() {
            case "(": depth += 1
            case ")": depth -= 1
            default: continue
            }
        }
    }
}
