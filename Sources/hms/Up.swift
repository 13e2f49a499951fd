import ArgumentParser
import Demo
import Foundation
import Logging
import PlainText
import ServiceKit
import SignIn
import Supervision
import UnixSignals

/// `hms up`
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the whole hospital: every service and the public API.",
        discussion: """
            Each part is a process of its own and is started again when it dies; its socket stays open meanwhile. A line “ready \
            http://…” says that requests are answered. Ctrl-C, SIGTERM or SIGHUP finishes what is under way and stops everything; \
            a second one stops at once. Logs go to standard error, one JSON object a line, and a reader of them that stands still \
            holds up nobody. Every setting is a flag, an environment variable or a key of the JSON file that --config names; the \
            flag wins over the variable, and that over the file. A service whose --peer-… is set runs elsewhere and is not started.

            SETTINGS
            \(SettingsHelp.table)

            EXAMPLES
              hms up
              hms up --data /srv/clinic --http 0.0.0.0:8080
              hms up --data /tmp/try --http 127.0.0.1:0 --rpc-base-port 0 --demo 2> log.jsonl
            """)

    @Option(help: ArgumentHelp("Where the public API listens, short for --http-listen; port 0 picks a free one.", valueName: "host:port"))
    var http: String?

    @Option(
        help: ArgumentHelp(
            "The first service's port, the next ones follow; 0 picks free ones. 7000 where --rpc-listen names none.", valueName: "n"))
    var rpcBasePort: Int?

    @Option(
        help: ArgumentHelp(
            "Processes of each service, up to 8; more than one only where the services' databases are on PostgreSQL.", valueName: "n"))
    var replicas = 1

    @Flag(
        help:
            "Fills an empty hospital with two weeks of its life up to now, always the same for one day. A folder that has a demo stays as it is."
    )
    var demo = false

    @Flag(
        help:
            "Lets the services speak over TLS, with certificates that an authority of this hospital vouches for. It lies in DATA/tls, and is made where there is none."
    )
    var tls = false

    @Flag(
        help:
            "Writes the log to DATA/logs instead of standard error, in files of 32 MiB of which the last eight are kept; “hms logs” reads them."
    )
    var logFiles = false

    @Flag(help: "Prints a reception's token for 8 hours although standard output is no terminal.")
    var printToken = false

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Any of the settings below.", valueName: "settings"))
    var settings: [String] = []

    func validate() throws {
        guard http.map({ NetworkAddress($0) != nil }) != false else {
            throw ValidationError("--http must be HOST:PORT, like 127.0.0.1:8080.")
        }
        guard (1...8).contains(replicas) else { throw ValidationError("--replicas must be 1 to 8.") }
        guard rpcBasePort.map({ (0...65_000).contains($0) }) != false else {
            throw ValidationError("--rpc-base-port must be 0 or a port up to 65000.")
        }
    }

    func run() async throws {
        let stop = StopRequest()
        let atOnce = StopRequest()
        await Self.listenForSignals(stop, atOnce)
        // Wrong settings are told once, here, and not by every process for itself.
        let loaded = try HospitalConfiguration.load(
            arguments: settings + (http.map { [Settings.httpListen.flag, $0] } ?? []),
            environment: ProcessInfo.processInfo.environment)
        let logger = Logger.hospital(service: "up", level: loaded.configuration.logLevel)
        for remark in loaded.remarks { logger.warning("\(remark)") }
        try await run(loaded, until: stop, atOnce)
        if atOnce.isRequested { throw ExitCode(128 + SIGINT) }
    }

    private func run(_ loaded: LoadedConfiguration, until stop: StopRequest, _ atOnce: StopRequest) async throws {
        let configuration = loaded.configuration
        if replicas > 1, let service = HospitalServices.names.first(where: { !configuration.databases.isServer(of: $0) }) {
            throw ValidationError("--replicas needs PostgreSQL, and the \(service) service keeps its data in a file: set --database.")
        }
        if demo, !configuration.peers.isEmpty { throw ValidationError("--demo needs all services here: leave the --peer-… settings out.") }
        let folder = DataFolder(configuration.dataFolder)
        try folder.prepare()
        guard let lock = try await folder.lock(until: stop, onWait: { Output.print(Self.waiting(for: folder)) }) else { return }
        defer { lock.release() }
        let keeper = logFiles ? try LogKeeper(LogFiles(dataFolder: configuration.dataFolder)) : nil
        defer { keeper?.stop() }
        let signer = TokenSigner(key: try .findOrMake(configuration.identity), configuration.identity)
        try ServiceKeys.findOrMake(for: HospitalServices.names, configuration.identity)
        try SealingKeyFile(configuration.identity.sealingKeyFile).findOrMake()
        let settings = try hospitalSettings(loaded, folder)
        try checkDoors(loaded, settings.security)
        let plan = try HospitalPlan(
            folder: folder, lock: lock, http: configuration.httpListen, rpc: rpcAddress(loaded), services: HospitalServices.names,
            replicas: replicas, metrics: metricsAddress(loaded), settings: settings)
        let program = try HospitalProgram()
        let parts = HospitalParts(
            program: program, signer: signer, drainGrace: configuration.drainGrace + .seconds(2),
            logLevel: configuration.logLevel, atOnce: atOnce, announce: { Output.print($0) })
        if demo { try await fill(folder, lock, loaded, parts, until: stop) }
        guard !stop.isRequested else { return }
        let renewal = Task { await settings.certificates?.renew(logger: parts.logger("up")) }
        defer { renewal.cancel() }
        try await folder.publishing(plan.addresses, metrics: plan.metricsTargets) {
            try await HospitalRun(plan, parts).run(until: stop.moments) { processes, state in
                try await welcome(plan, program, processes, state, signer, configuration.signIn)
            }
        }
    }

    /// With `--tls`, every part has a certificate when this returns.
    private func hospitalSettings(_ loaded: LoadedConfiguration, _ folder: DataFolder) throws -> HospitalSettings {
        let configuration = loaded.configuration
        var settings = HospitalSettings(
            clockFile: configuration.clockFile, peers: configuration.peers, environment: loaded.flagsAsVariables)
        settings.security = .init(of: configuration)
        guard tls else { return settings }
        guard configuration.tls == nil else {
            throw ValidationError("--tls makes certificates, and \(Settings.tlsCertificate.flag) brings some: choose one.")
        }
        let certificates = ServiceCertificates(dataFolder: folder.path, for: HospitalServices.names + HospitalName.callers)
        try certificates.issue()
        settings.certificates = certificates
        settings.security.services = true
        return settings
    }

    /// What can be read by whoever is between is said in red.
    private func checkDoors(_ loaded: LoadedConfiguration, _ security: HospitalSettings.Security) throws {
        let doors = try loaded.configuration.openDoors(
            rpc: security.services ? nil : rpcAddress(loaded), http: security.http ? nil : loaded.configuration.httpListen,
            metrics: loaded.configuration.metricsListen)
        for door in doors { Output.print(isatty(STDOUT_FILENO) == 1 ? "\u{1B}[1;31m\(door.warning)\u{1B}[0m" : door.warning) }
    }

    private func fill(
        _ folder: DataFolder, _ lock: FolderLock, _ loaded: LoadedConfiguration, _ parts: HospitalParts, until stop: StopRequest
    ) async throws {
        let demo = DemoRun(
            folder, lock, loaded.configuration, parts, services: HospitalServices.names, environment: loaded.flagsAsVariables)
        Output.print("demo  \(try await demo.fillOnce(until: stop))\n")
    }

    /// A second signal stops at once. One that follows the first on its heels is the same wish: a terminal and whoever
    /// started this often pass on one signal twice.
    private static func listenForSignals(_ stop: StopRequest, _ atOnce: StopRequest) async {
        let signals = await UnixSignalsSequence(trapping: StopSignals.all)
        Task {
            var first: ContinuousClock.Instant?
            for await _ in signals {
                if let first, .now - first > .milliseconds(300) { atOnce.request() }
                first = first ?? .now
                stop.request()
            }
        }
    }

    private func rpcAddress(_ loaded: LoadedConfiguration) -> NetworkAddress {
        var address = loaded.configuration.rpcListen
        if let rpcBasePort {
            address.port = rpcBasePort
        } else if !loaded.isSet(Settings.rpcListen) {
            address.port = 7000
        }
        return address
    }

    /// Free ports of this machine where nothing is said.
    private func metricsAddress(_ loaded: LoadedConfiguration) -> NetworkAddress? {
        loaded.isSet(Settings.metricsListen) ? loaded.configuration.metricsListen : NetworkAddress(host: "127.0.0.1", port: 0)
    }

    private static func waiting(for folder: DataFolder) -> String {
        "waiting for the processes that still hold \(folder.path): those of a hospital that was killed finish what is under way"
    }
}

/// What is said once everything runs.
extension Up {
    private func welcome(
        _ plan: HospitalPlan, _ program: HospitalProgram, _ processes: [String: Int32], _ state: HospitalState, _ signer: TokenSigner,
        _ signIn: SignInConfiguration
    ) async throws {
        var table = TextTable("PART", "ADDRESS", "PROCESS")
        for service in plan.services {
            table.add(service.name, service.address.description, processes[service.processName].map { "\($0)" } ?? "")
        }
        table.add("rest", plan.http.description, processes["rest"].map { "\($0)" } ?? "")
        Output.print("\(table)\n")
        Output.print("data  \(plan.folder.path)\ndocs  \(plan.url)/docs")
        let targets = plan.metricsTargets
        Output.print(targets.isEmpty ? "" : "metrics  hms metrics, or \(targets.count) addresses in \(plan.folder.metricsTargetsPath)\n")
        Output.print("curl -H \(try authorization(plan, program, signer)) \(plan.url)/v1/patients\n")
        Output.print(signInLine(plan, signIn))
        switch state {
        case .ready: break
        case .readOnly:
            Output.print("The disk of \(plan.folder.path) is full: nothing can be stored until there is room. What is there can be read.\n")
        }
        Output.print("ready \(plan.url)")
    }

    /// How people get in who use a browser.
    private func signInLine(_ plan: HospitalPlan, _ signIn: SignInConfiguration) -> String {
        let url = "\(signIn.publicURL ?? plan.url)/sign-in"
        // Whoever can't read them is told so when he signs in.
        let hasUsers = (try? !UserFile(signIn).read().isEmpty) ?? true
        guard !hasUsers, signIn.provider == nil else { return "sign in  \(url)\n" }
        return "sign in  \(url), after: hms user add NAME --role admin --data '\(plan.folder.path)'\n"
    }

    /// A token that is good for hours is for eyes, not for the log of whatever started this.
    private func authorization(_ plan: HospitalPlan, _ program: HospitalProgram, _ signer: TokenSigner) throws -> String {
        guard printToken || isatty(STDOUT_FILENO) == 1 else {
            return "\"Authorization: Bearer $('\(program.path)' token --data '\(plan.folder.path)' --role reception)\""
        }
        let token = try signer.sign(subject: "reception-desk", role: .reception, lifetime: .seconds(8 * 3600))
        return "'Authorization: Bearer \(token)'"
    }
}
