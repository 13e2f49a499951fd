import ArgumentParser
import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Vocabulary

/// `hms-bench rest`
struct RESTBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rest",
        abstract: "Reads, creates and books over REST, with logs as they are shipped.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable, on embedded SQLite, durable, and lets wrk ask it \
            (deploy/install-dependencies.sh --bench). Processor time is that of all processes of the hospital. The first round of \
            each kind is thrown away. A refused request ends the benchmark.
            """)

    @Option(help: "Connections of the client at the same time; may be given several times.")
    var connections = [1, 64, 512]

    @Option(help: "Rounds; one more before them is thrown away.")
    var rounds = 5

    @Option(help: "Length of a round in seconds.")
    var seconds = 4

    @Option(help: "What is asked: read, create, book; may be given several times.")
    var only = ["read", "create", "book"]

    @Option(help: "The level of the hospital's log.")
    var logLevel = "info"

    func run() async throws {
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: VisitGround.firstMorning)
        let hospital = try await HospitalProcess.start(
            BuiltHospital.executable, in: folder, arguments: ["--clock", clock.path, "--log-level", logLevel],
            logFile: folder.path + "/log")
        try await VisitGround.withGround(of: hospital, connections: 8) { ground in
            let token = try hospital.data.token(subject: "desk", role: .reception, lifetime: .seconds(7_200))
            let script = try write(RequestScript.text, "requests.lua", folder)
            for count in connections {
                for name in only {
                    try await measure(name, ground, hospital, token: token, script: script, connections: count, folder)
                }
            }
        }
        guard try await hospital.stop() == 0 else { throw ExitCode.failure }
    }

    private func measure(
        _ name: String, _ ground: VisitGround, _ hospital: HospitalProcess, token: String, script: String, connections: Int,
        _ folder: TemporaryFolder
    ) async throws {
        var figures = RESTFigures()
        for round in 0...rounds {
            // A booking can be made once: each round gets its own, more than it can make.
            let requests = try requests(name, ground)
            let load = RESTLoad(
                name: name, requestsFile: try write(requests.joined(separator: "\n") + "\n", "requests", folder), isSpent: name == "book")
            let result = try await load.run(
                on: hospital, token: token, scriptFile: script, connections: connections, seconds: round == 0 ? 1 : seconds,
                round: connections * 100 + round)
            if round > 0 { figures.add(result) }
        }
        print("\(name), \(connections) connections: \(figures.summary)")
    }

    private func requests(_ name: String, _ ground: VisitGround) throws -> [String] {
        switch name {
        case "read": ground.patientPaths.map { "GET \($0)" }
        case "create":
            [
                #"POST /v1/patients {"name":"Maria Magdalena %d","email":"p%d@example.org","phone":"+49 30 901820","#
                    + #""dob":"1984-02-29","allergies":["penicillin","latex"]}"#
            ]
        case "book": ground.bookings(seconds * 8_000).map { "POST /v1/appointments \($0)" }
        default: throw ValidationError("There is nothing called \(name): read, create, book.")
        }
    }

    private func write(_ text: String, _ name: String, _ folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}

/// What the rounds of one load gave.
private struct RESTFigures {
    private var perSecond = Rounds()
    private var p50 = Rounds()
    private var p99 = Rounds()
    private var processorTime = Rounds()
    private var processorsBusy = Rounds()

    mutating func add(_ round: RESTLoad.Round) {
        perSecond.add(round.perSecond)
        p50.add(round.p50)
        p99.add(round.p99)
        processorTime.add(round.processorTime)
        processorsBusy.add(round.processorsBusy * 100)
    }

    var summary: String {
        "requests/s \(perSecond.summary) · p50 \(p50.summary) µs · p99 \(p99.summary) µs · processor \(processorTime.summary) µs a request"
            + " · processors busy \(processorsBusy.summary) %"
    }
}
