import Foundation
import PlainText

/// What lies in `deploy/observability`.
enum Observability {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/observability")

    static func file(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// A panel of the dashboard, and what it asks.
    struct Panel {
        let title: String
        let queries: [String]
        /// Whether it tells of PostgreSQL alone, so that a hospital on SQLite has nothing to show.
        let isOfPostgres: Bool
    }

    static func panels() throws -> [Panel] {
        let dashboard = try JSONValue(parsing: try file("dashboard.json"))
        return (dashboard["panels"]?.elements ?? []).compactMap { panel in
            let queries = (panel["targets"]?.elements ?? []).compactMap { $0["expr"]?.text }
            guard !queries.isEmpty else { return nil }
            let description = panel["description"]?.text ?? ""
            return Panel(title: panel["title"]?.text ?? "", queries: queries, isOfPostgres: description.hasPrefix("PostgreSQL only"))
        }
    }

    /// The names of the alerts, in their order.
    static func alerts() throws -> [String] {
        try file("alerts.yml").split(separator: "\n").compactMap { line in
            line.split(separator: "- alert: ").last.flatMap { line.contains("- alert: ") ? String($0) : nil }
        }
    }
}
