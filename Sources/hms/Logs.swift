import ArgumentParser
import Foundation
import Logging
import ServiceKit
import Supervision
import Vocabulary

/// `hms logs`
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows what a hospital logs, a line an event, and goes on while it runs.",
        discussion: """
            Reads DATA/logs, where a hospital writes that was started with “hms up --log-files”, or, with “-”, standard input: \
            the log of one that writes to standard error.

            EXAMPLES
              hms logs
              hms logs --since 10m --level warning --part payment --part billing
              hms logs --correlation desk-1 --no-follow
              journalctl -u hospital -o cat -f | hms logs - --level error
            """)

    @Argument(help: ArgumentHelp("“-” reads standard input.", valueName: "-"))
    var input: String?

    @Option(help: ArgumentHelp("Nothing older, like 10m or 2h, or an RFC 3339 time.", valueName: "time"))
    var since: String?

    @Option(help: "Nothing less grave: trace, debug, info, notice, warning, error or critical.")
    var level: Logger.Level = .trace

    @Option(help: ArgumentHelp("Only the lines of one request.", valueName: "id"))
    var correlation: String?

    @Option(
        name: .customLong("part"),
        help: ArgumentHelp("Only of this part: a service, “rest” or “up”; again for several.", valueName: "name"))
    var parts: [String] = []

    @Flag(inversion: .prefixedNo, help: "Goes on with what is written from now on, until Ctrl-C.")
    var follow = true

    @Flag(help: "As it stands in the log, one JSON object a line.")
    var json = false

    @OptionGroup var data: DataOption

    func validate() throws {
        guard input == nil || input == "-" else { throw ValidationError("There is “-” to be read, and nothing else by name.") }
        let known = HospitalServices.names + ["rest", "up"]
        if let other = parts.first(where: { !known.contains($0) }) {
            throw ValidationError("There is no part “\(other)”; there are \(known.joined(separator: ", ")).")
        }
        if let since, Instant(sinceText: since) == nil {
            throw ValidationError("--since must be a number with s, m, h or d, or a time like 2026-11-01T00:00:00Z.")
        }
    }

    func run() async throws {
        if input == "-" {
            while let line = readLine() { try show(line) }
            return
        }
        let files = LogFiles(dataFolder: try data.folder().path)
        guard FileManager.default.fileExists(atPath: files.path) else {
            throw ValidationError(
                "There is no log in \(files.folder): start the hospital with --log-files, or give its standard error to “hms logs -”.")
        }
        let reader = LogReader(files)
        repeat {
            for line in try reader.next() { try show(line) }
            guard follow else { return }
            try await Task.sleep(for: .milliseconds(200))
        } while true
    }

    /// What is no line of a hospital, as the report of a crash, is shown as it is, unless something else is looked for.
    private func show(_ line: String) throws {
        guard let entry = LogEntry(line) else {
            if since == nil, correlation == nil, parts.isEmpty { try Output.deliver(VisibleText.of(line)) }
            return
        }
        if choice.wants(entry) { try Output.deliver(json ? line : entry.text) }
    }

    private var choice: LogChoice {
        var choice = LogChoice()
        choice.since = since.flatMap(Instant.init(sinceText:))
        choice.level = level
        choice.correlationID = correlation
        choice.parts = Set(parts)
        return choice
    }
}

extension Instant {
    /// `10m` ago, or an RFC 3339 time.
    init?(sinceText text: String) {
        guard let instant = TimeToLive(text).map({ .ofMachine() - $0.duration }) ?? Instant(rfc3339: text) else { return nil }
        self = instant
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
