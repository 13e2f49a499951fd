import ArgumentParser
import Foundation
import Logging
import PlainText
import ServiceKit
import Supervision
import Vocabulary

/// `hms log`
struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Says how much a hospital logs.", subcommands: [LogLevelCommand.self])
}

/// `hms log level`
struct LogLevelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "level", abstract: "Changes how much the parts of a running hospital log, for a while, or shows what was changed.",
        discussion: """
            The order lies in DATA/log-levels, which its owner alone can write; every process that was started on that folder, or is \
            started later, follows within a second, until the time is over. Then what it was started with holds again. Parts are the \
            services and “rest”. Nothing personal is logged at any level.

            EXAMPLES
              hms log level debug --part payment --for 10m
              hms log level warning
              hms log level --reset
              hms log level
            """)

    @Argument(help: "trace, debug, info, notice, warning, error or critical; nothing shows what holds.")
    var level: String?

    @Option(
        name: .customLong("part"),
        help: ArgumentHelp("The part whose level it is; again for several. All where not given.", valueName: "name"))
    var parts: [String] = []

    @Option(name: .customLong("for"), help: ArgumentHelp("How long that holds, like 10m or 2h.", valueName: "time"))
    var time = "1h"

    @Flag(help: "Takes back all orders, or those for the parts that are named.")
    var reset = false

    @OptionGroup var data: DataOption

    func validate() throws {
        guard level.map({ Logger.Level(rawValue: $0) != nil }) != false else {
            throw ValidationError("A level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard TimeToLive(time) != nil else { throw ValidationError("--for must be a number with s, m, h or d, at most 365 days.") }
        let known = HospitalServices.names + ["rest"]
        if let part = parts.first(where: { !known.contains($0) }) {
            throw ValidationError("There is no part “\(part)”; there are \(known.joined(separator: ", ")).")
        }
        if reset, level != nil { throw ValidationError("--reset takes no level.") }
    }

    func run() async throws {
        let folder = try data.folder()
        guard FileManager.default.fileExists(atPath: folder.path) else { throw DataFolderError.noHospital(path: folder.path) }
        let (path, now) = (LogLevelOrders.path(in: folder.path), Instant.ofMachine())
        var all = LogLevelOrders.read(path).holding(at: now)
        let names = parts.isEmpty ? [LogLevelOrders.all] : parts
        if let level = level.flatMap({ Logger.Level(rawValue: $0) }), let length = TimeToLive(time) {
            for name in names { all.orders[name] = .init(level: level, until: now + length.duration) }
            try all.write(path)
        } else if reset {
            all.orders = parts.isEmpty ? [:] : all.orders.filter { !parts.contains($0.key) }
            try all.write(path)
        }
        guard !all.orders.isEmpty else { return Output.print("every part logs what it was started with") }
        var table = TextTable("PART", "LEVEL", "UNTIL")
        for (name, order) in all.orders.sorted(by: { $0.key < $1.key }) { table.add(name, order.level.rawValue, order.until.rfc3339) }
        Output.print("\(table)")
    }
}
