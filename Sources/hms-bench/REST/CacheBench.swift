import ArgumentParser
import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Vocabulary

/// `hms-bench cache`
struct CacheBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Books and lists free slots over REST, without and with the cache that replicas share, taking turns.",
        discussion: """
            Starts two hospitals of several replicas on PostgreSQL, and a Redis for the second of them. Processor time is of all processes \
            of the hospital, and of those of the doctor service alone, whom the cache spares questions. The first round of each kind is \
            thrown away.
            """)

    @Option(help: "An empty database on PostgreSQL; given twice: for the hospital without a cache, and for the one that has it.")
    var database: [String] = []

    @Option(help: "Replicas of every service.")
    var replicas = 2

    @Option(help: "Connections of the client at the same time.")
    var connections = 64

    @Option(help: "Rounds; one more before them is thrown away.")
    var rounds = 5

    @Option(help: "Length of a round in seconds.")
    var seconds = 4

    @Option(help: "What is asked: book, doctor, department; may be given several times.")
    var only = ["book", "doctor", "department"]

    func validate() throws {
        guard database.count == 2 else { throw ValidationError("--database is given twice.") }
    }

    func run() async throws {
        let cache = try await CacheServer.start()
        let (bare, cached) = (try TemporaryFolder(), try TemporaryFolder())
        let without = try await start(bare, [Settings.database.environmentName: database[0]])
        let with = try await start(
            cached, [Settings.database.environmentName: database[1], Settings.cache.environmentName: "redis://127.0.0.1:\(cache.port)"])
        try await VisitGround.withGround(of: without, connections: 8) { bareGround in
            try await VisitGround.withGround(of: with, connections: 8) { cachedGround in
                for name in only {
                    try await measure(
                        name, Contestant("without", without, bareGround, bare), Contestant("with", with, cachedGround, cached))
                }
            }
        }
        guard try await without.stop() == 0, try await with.stop() == 0 else { throw ExitCode.failure }
    }

    private func start(_ folder: TemporaryFolder, _ environment: [String: String]) async throws -> HospitalProcess {
        let clock = try MovedClock(path: folder.path + "/clock", at: VisitGround.firstMorning)
        return try await HospitalProcess.start(
            BuiltExecutables.executable, in: folder, arguments: ["--clock", clock.path, "--replicas", "\(replicas)"],
            environment: environment)
    }

    private func measure(_ name: String, _ contestants: Contestant...) async throws {
        var figures = Array(repeating: CacheFigures(), count: contestants.count)
        for round in 0...rounds {
            for (index, contestant) in contestants.enumerated() {
                let seconds = round == 0 ? 2 : seconds
                let before = contestant.doctorSeconds
                let result = try await contestant.load(name, seconds: seconds).run(
                    on: contestant.hospital, connections: connections, seconds: seconds, round: round)
                let asked = result.perSecond * Double(seconds)
                if round > 0 { figures[index].add(result, doctor: (contestant.doctorSeconds - before) * 1e6 / asked) }
            }
        }
        for (contestant, figures) in zip(contestants, figures) {
            print("\(name), \(connections) connections, \(replicas) replicas, \(contestant.name): \(figures.summary)")
        }
    }
}

/// One of the two hospitals.
private struct Contestant {
    let name: String
    let hospital: HospitalProcess
    private let ground: VisitGround
    private let folder: TemporaryFolder

    init(_ name: String, _ hospital: HospitalProcess, _ ground: VisitGround, _ folder: TemporaryFolder) {
        (self.name, self.hospital, self.ground, self.folder) = (name, hospital, ground, folder)
    }

    /// Processor time so far of all replicas of the doctor service.
    var doctorSeconds: Double {
        hospital.processes.filter { $0.key.hasPrefix("doctor") }.compactMap { ProcessUsage.cpuSeconds(of: $0.value) }.reduce(0, +)
    }

    func load(_ name: String, seconds: Int) throws -> RESTLoad {
        let requests =
            switch name {
            case "book": ground.bookings(seconds * 8_000).map { "POST /v1/appointments \($0)" }
            case "doctor": ground.slotPaths.map { "GET \($0)" }
            case "department": ["GET \(VisitGround.departmentSlotPath)"]
            default: throw ValidationError("There is nothing called \(name): book, doctor, department.")
            }
        let token = try hospital.data.token(subject: "desk", role: .reception, lifetime: .seconds(7_200))
        // A booking can be made once: each round gets its own, more than it can make.
        let once = name == "book" ? ["ONCE": "1"] : [:]
        return RESTLoad(
            name: name, scriptFile: try write(RequestScript.text, "requests.lua"), token: token,
            variables: ["REQUESTS": try write(requests.joined(separator: "\n") + "\n", "requests")].merging(once) { $1 })
    }

    private func write(_ text: String, _ name: String) throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}

private struct CacheFigures {
    private var perSecond = Rounds()
    private var p50 = Rounds()
    private var p99 = Rounds()
    private var processorTime = Rounds()
    private var doctor = Rounds()

    mutating func add(_ round: RESTLoad.Round, doctor: Double) {
        perSecond.add(round.perSecond)
        p50.add(round.p50)
        p99.add(round.p99)
        processorTime.add(round.processorTime)
        self.doctor.add(doctor)
    }

    var summary: String {
        "requests/s \(perSecond.summary) · p50 \(p50.summary) µs · p99 \(p99.summary) µs · processor \(processorTime.summary) µs a request, "
            + "of which the doctor service \(doctor.summary)"
    }
}
