import Foundation
import HMSTestKit
import PlainText
import Synchronization

/// Debian's Prometheus, on a free port and in a folder of its own. It ends with whoever has it.
final class PrometheusServer: Sendable {
    private let folder: TemporaryFolder
    private let process: Process
    private let url = Mutex<String?>(nil)
    private let lastLines = Mutex<[String]>([])

    /// Whether the tests that need it can run. `HMS_OBSERVABILITY_TESTS=required` says that they must.
    static let isThere =
        ProcessInfo.processInfo.environment["HMS_OBSERVABILITY_TESTS"] == "required"
        || FileManager.default.isExecutableFile(atPath: "/usr/bin/prometheus")

    /// Starts one that scrapes every second whom a file of targets names, and judges by the rules of a folder.
    ///
    /// - Parameter rules: the names of the files, in `deploy/observability`. What they do every half minute is done every second.
    init(scraping targets: String, rules: [String]) throws {
        folder = try TemporaryFolder()
        process = Process()
        for name in rules {
            let text = try Observability.file(name).replacing("interval: 30s", with: "interval: 1s")
            try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        let configuration = """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [\(rules.joined(separator: ", "))]
            scrape_configs:
              - job_name: hms
                file_sd_configs: [{files: ["\(targets)"], refresh_interval: 1s}]
            """
        try configuration.write(toFile: folder.path + "/prometheus.yml", atomically: true, encoding: .utf8)
        process.executableURL = URL(filePath: "/usr/bin/prometheus")
        process.arguments = [
            "--config.file=\(folder.path)/prometheus.yml", "--storage.tsdb.path=\(folder.path)/data", "--web.listen-address=127.0.0.1:0",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let log = Pipe()
        process.standardError = log
        try process.run()
        follow(log.fileHandleForReading)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The last lines of its log, for who waits in vain.
    var log: [String] { lastLines.withLock { $0 } }

    /// What an instant query finds; throws where it is refused.
    func query(_ expression: String) async throws -> [JSONValue] {
        let answer = try await get("/api/v1/query", ["query": expression])
        guard answer["status"]?.text == "success" else { throw PrometheusRefusal(text: "\(expression): \(answer.compact)") }
        return answer["data"]?["result"]?.elements ?? []
    }

    /// The rules that it judges by, as it tells of them.
    func rules() async throws -> [JSONValue] {
        let groups = try await get("/api/v1/rules", [:])["data"]?["groups"]?.elements ?? []
        return groups.flatMap { $0["rules"]?.elements ?? [] }
    }

    private func get(_ path: String, _ query: [String: String]) async throws -> JSONValue {
        guard let url = url.withLock({ $0 }) else { throw PrometheusRefusal(text: "it does not listen yet") }
        var components = URLComponents(string: url + path)
        if !query.isEmpty { components?.queryItems = query.map { URLQueryItem(name: $0.key, value: $0.value) } }
        // A plus sign in a query stands for a space.
        let target = (components?.string ?? url).replacing("+", with: "%2B")
        return try JSONValue(parsing: try await HTTPProbe("").send("GET", target).body)
    }

    private func follow(_ log: FileHandle) {
        Thread.detachNewThread { [weak self] in
            var rest = ""
            while case let data = log.availableData, !data.isEmpty {
                rest += String(decoding: data, as: UTF8.self)
                var lines = rest.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                rest = lines.removeLast()
                for line in lines { self?.note(line) }
            }
        }
    }

    private func note(_ line: String) {
        lastLines.withLock { $0 = $0.suffix(20) + [line] }
        guard line.contains("msg=\"Listening on\""), let address = line.split(separator: "address=").last else { return }
        url.withLock { $0 = "http://\(address)" }
    }
}

struct PrometheusRefusal: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
