import ArgumentParser
import Foundation
import HospitalCommand
import ServiceKit
import UnixSignals

/// `hms up`
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the whole hospital: every service and the public API.",
        discussion: """
            Each part is a process of its own and is started again when it dies. A line “ready http://…” says that requests \
            are answered. Ctrl-C or SIGTERM finishes what is under way and stops everything. Logs go to standard error, one \
            JSON object a line. Settings beyond these flags come from the environment (“hms serve --help” lists them).

            EXAMPLES
              hms up
              hms up --data /srv/clinic --http 0.0.0.0:8080
              hms up --data /tmp/try --http 127.0.0.1:0 --rpc-base-port 0 --demo 2> log.jsonl
            """)

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("Where the public API listens; port 0 picks a free one.", valueName: "host:port"))
    var http = ProcessInfo.processInfo.environment["HMS_HTTP_LISTEN"] ?? "127.0.0.1:8080"

    @Option(help: ArgumentHelp("The first service's port, the next ones follow; 0 picks free ones.", valueName: "n"))
    var rpcBasePort = 7000

    @Option(help: ArgumentHelp("Reads the time from this file instead of the system's clock.", valueName: "file"))
    var clock: String?

    @Flag(
        help:
            "Fills an empty hospital with two weeks of its life up to now, always the same for one day. A folder that has a demo stays as it is."
    )
    var demo = false

    func validate() throws {
        guard NetworkAddress(http) != nil else { throw ValidationError("--http must be HOST:PORT, like 127.0.0.1:8080.") }
        guard rpcBasePort == 0 || (1...65_000).contains(rpcBasePort) else {
            throw ValidationError("--rpc-base-port must be 0 or a port up to 65000.")
        }
    }

    func run() async throws {
        // A reader of our output that goes away must not take the hospital with it.
        signal(SIGPIPE, SIG_IGN)
        let stop = await Self.stopRequest()
        let configuration = try await checkedConfiguration()
        let folder = DataFolder(configuration.dataFolder)
        try folder.prepare()
        let lock = try await folder.lock()
        let signer = TokenSigner(key: try .findOrMake(configuration.identity), configuration.identity)
        try ServiceKeys.findOrMake(for: HospitalServices.names, configuration.identity)
        let plan = try HospitalPlan(
            folder: folder, http: configuration.httpListen, services: HospitalServices.names, rpcBasePort: rpcBasePort,
            clockFile: configuration.clockFile)
        try plan.checkPorts()
        let parts = HospitalParts(
            programs: try Programs(), log: LogStream(level: configuration.logLevel), signer: signer,
            drainGrace: configuration.drainGrace + .seconds(2))
        if demo {
            let text = try await DemoRun(folder, configuration, parts, services: HospitalServices.names).fillOnce(until: stop)
            Output.print("demo  \(text)\n")
        }
        if !stop.isRequested {
            try await folder.publishing(plan.addresses) {
                try await HospitalRun(plan, parts).run(until: stop.moments) { processes in
                    try await welcome(plan, processes, signer)
                }
            }
        }
        lock.release()
    }

    /// Ctrl-C and SIGTERM.
    private static func stopRequest() async -> StopRequest {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let stop = StopRequest()
        Task { for await _ in signals { stop.request() } }
        return stop
    }

    /// Wrong settings are told once, here, and not by every process for itself.
    private func checkedConfiguration() async throws -> HospitalConfiguration {
        var arguments = ["--data", data.folder.path, "--http-listen", http]
        if let clock { arguments += ["--clock", clock] }
        return try await HospitalConfiguration.load(arguments: arguments, environment: ProcessInfo.processInfo.environment)
            .configuration
    }

    private func welcome(_ plan: HospitalPlan, _ processes: [String: Int32], _ signer: TokenSigner) async throws {
        var table = TextTable("PART", "ADDRESS", "PROCESS")
        for service in plan.services {
            table.add(service.name, service.address.description, processes[service.name].map { "\($0)" } ?? "")
        }
        table.add("rest", plan.http.description, processes["rest"].map { "\($0)" } ?? "")
        let token = try await signer.sign(subject: "reception-desk", role: .reception, lifetime: .seconds(8 * 3600))
        Output.print("\(table)\n")
        Output.print("data  \(plan.folder.path)\ndocs  \(plan.url)/docs\n")
        Output.print("curl -H 'Authorization: Bearer \(token)' \(plan.url)/v1/patients\n")
        Output.print("ready \(plan.url)")
    }
}
