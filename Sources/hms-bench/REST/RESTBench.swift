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
        abstract: "Reads, creates, books and whole visits over REST, with logs as they are shipped.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable, on embedded SQLite, durable, and lets wrk ask it \
            (deploy/install-dependencies.sh --bench). Processor time is that of all processes of the hospital. The first round of \
            each kind is thrown away. A refused request ends the benchmark. A visit is a patient who is registered, booked, seen, billed \
            and who pays: five requests, and those that ask whether his bill is there.
            """)

    @Option(help: "Connections of the client at the same time; may be given several times.")
    var connections = [1, 64, 512]

    @Option(help: "Rounds; one more before them is thrown away.")
    var rounds = 5

    @Option(help: "Length of a round in seconds.")
    var seconds = 4

    @Option(help: "What is asked: read, create, book, visit; may be given several times.")
    var only = ["read", "create", "book", "visit"]

    @Option(help: "The level of the hospital's log.")
    var logLevel = "info"

    func run() async throws {
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: VisitGround.firstMorning)
        let hospital = try await HospitalProcess.start(
            BuiltExecutables.executable, in: folder, arguments: ["--clock", clock.path, "--log-level", logLevel],
            logFile: folder.path + "/log")
        try await VisitGround.withGround(of: hospital, connections: 8) { ground in
            let visits = try VisitLoad(ground: ground, hospital: hospital, clock: clock, folder: folder)
            let token = try hospital.data.token(subject: "desk", role: .reception, lifetime: .seconds(7_200))
            let script = try write(RequestScript.text, "requests.lua", folder)
            for count in connections {
                for name in only {
                    let figures = try await measure { seconds, round in
                        let round = count * 100 + round
                        if name == "visit" { return try await visits.run(connections: count, seconds: seconds, round: round) }
                        let load = RESTLoad(
                            name: name, scriptFile: script, token: token, variables: try variables(name, ground, seconds, folder))
                        return try await load.run(on: hospital, connections: count, seconds: seconds, round: round)
                    }
                    print("\(name), \(count) connections: \(figures.summary(of: name))")
                }
            }
        }
        guard try await hospital.stop() == 0 else { throw ExitCode.failure }
    }

    private func measure(_ run: (_ seconds: Int, _ round: Int) async throws -> RESTLoad.Round) async throws -> RESTFigures {
        var figures = RESTFigures()
        for round in 0...rounds {
            let result = try await run(round == 0 ? 2 : seconds, round)
            if round > 0 { figures.add(result) }
        }
        return figures
    }

    private func variables(_ name: String, _ ground: VisitGround, _ seconds: Int, _ folder: TemporaryFolder) throws -> [String: String] {
        let requests = try requests(name, ground, seconds)
        let file = try write(requests.joined(separator: "\n") + "\n", "requests", folder)
        // A booking can be made once: each round gets its own, more than it can make.
        return name == "book" ? ["REQUESTS": file, "ONCE": "1"] : ["REQUESTS": file]
    }

    private func requests(_ name: String, _ ground: VisitGround, _ seconds: Int) throws -> [String] {
        switch name {
        case "read": ground.patientPaths.map { "GET \($0)" }
        case "create":
            [
                #"POST /v1/patients {"name":"Maria Magdalena %d","email":"p%d@example.org","phone":"+49 30 901820","#
                    + #""dob":"1984-02-29","allergies":["penicillin","latex"]}"#
            ]
        case "book": ground.bookings(seconds * 8_000).map { "POST /v1/appointments \($0)" }
        default: throw ValidationError("There is nothing called \(name): read, create, book, visit.")
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

    func summary(of name: String) -> String {
        let (many, one) = name == "visit" ? ("visits", "visit") : ("requests", "request")
        return
            "\(many)/s \(perSecond.summary) · p50 \(p50.summary) µs · p99 \(p99.summary) µs · processor \(processorTime.summary) µs a \(one)"
            + " · processors busy \(processorsBusy.summary) %"
    }
}
