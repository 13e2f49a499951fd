import AsyncHTTPClient
import HospitalClient
import PlainText
import ProcessDriving
import SeededRandom
import ServiceKit
import Supervision
import Vocabulary

/// Many clients who do everything that a hospital is for, while its services are killed under them one by one and its
/// clock runs fast.
struct Chaos: Sendable {
    var clients = 8
    var duration: Duration = .seconds(7)
    /// How often each service is killed, evenly over the time and in random order.
    var killsOfEach = 1
    /// What clients do and who is killed when; what comes between them is the machine's.
    var seed: UInt64 = 1
    /// The PostgreSQL database that the hospital keeps its data in; nil: SQLite in its folder.
    var database: String?
    /// Processes of each service.
    var replicas = 1
    /// The command that kills the database server, and how often it is run, evenly over the time.
    var serverKill: [String] = []
    var serverKills = 0
    /// How far the clock moves in a second.
    var clockPace: Duration = .seconds(20 * 60)
    /// Whether there is a cache, which is killed, stopped for a while and flushed all the time.
    var hasCache = false

    /// The same without the database's URL, which may hold a password.
    var shown: Chaos {
        var shown = self
        shown.database = database.map { _ in "PostgreSQL" }
        return shown
    }

    /// What the hospital and its commands are told of the database.
    var databaseSetting: [String: String] { database.map { [Settings.database.environmentName: $0] } ?? [:] }

    private static let doctors = 48
    private static let paths = [
        "patient": "/v1/patients", "doctor": "/v1/doctors", "appointment": "/v1/appointments", "billing": "/v1/bills",
        "prescription": "/v1/prescriptions", "payment": "/v1/payments", "notification": "/v1/notifications",
    ]

    /// - Parameter clock: the hospital's.
    func run(against hospital: HospitalProcess, clock: MovedClock, cache: CacheServer? = nil) async throws -> ChaosReport {
        let url = try HospitalURL(hospital.url)
        return try await HTTPClient.withHospitalClient(connections: clients + 16) { http in
            let tools = try await tools(hospital, clock) { HospitalClient(url: url, token: $0, http: http) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                let end = ContinuousClock.now + duration
                for number in 0..<clients {
                    group.addTask {
                        var client = ChaosClient(number, tools, seed: seed)
                        try await client.run(until: end)
                    }
                }
                group.addTask { try await kill(hospital, tools) }
                group.addTask { try await killServer(tools) }
                group.addTask { try await moveClock(clock, until: end) }
                if let cache { group.addTask { try await trouble(cache, until: end) } }
                try await group.waitForAll()
            }
            return ChaosReport(
                outcomes: tools.ledger.outcomes, acknowledged: tools.ledger.acknowledged, lost: try await lost(tools),
                backAfter: tools.ledger.backAfter, stoodStill: tools.ledger.stoodStill)
        }
    }

    private func tools(
        _ hospital: HospitalProcess, _ clock: MovedClock, client: @escaping (_ token: String) -> HospitalClient
    ) async throws -> ChaosTools {
        let ledger = ChaosLedger()
        let caller = { (role: CallerRole, subject: String) in
            ChaosCaller(client(try hospital.data.token(subject: subject, role: role, lifetime: .seconds(7_200))), ledger)
        }
        var tools = ChaosTools(
            ledger: ledger, clock: clock, calendar: try ClinicConfiguration().calendar(),
            reception: try caller(.reception, "chaos-desk"), billing: try caller(.billing, "chaos-cashier"),
            admin: try caller(.admin, "chaos-admin"))
        for number in 0..<Self.doctors {
            let body: JSONValue = ["name": .string("Doctor \(number)"), "department": "Chaos", "specialization": "Entropy"]
            guard let id = await tools.admin.post("/v1/doctors", body)?["doctor_id"]?.text else { continue }
            tools.doctors.append(.init(id: id, caller: try caller(.doctor, id)))
        }
        return tools
    }

    private func moveClock(_ clock: MovedClock, until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(500))
            try clock.advance(by: clockPace / 2)
        }
    }

    private func trouble(_ cache: CacheServer, until end: ContinuousClock.Instant) async throws {
        var random = SplitMix64(seed: seed &+ 1)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(.random(in: 50...800, using: &random)))
            switch Int.random(in: 0..<3, using: &random) {
            case 0: try cache.command("FLUSHALL")
            case 1:
                cache.kill()
                try await Task.sleep(for: .milliseconds(.random(in: 0...300, using: &random)))
                try cache.start()
            default:
                cache.pause()
                try await Task.sleep(for: .milliseconds(.random(in: 1...500, using: &random)))
                cache.goOn()
            }
        }
    }

    private func kill(_ hospital: HospitalProcess, _ tools: ChaosTools) async throws {
        var random = SplitMix64(seed: seed)
        let names = hospital.processes.keys.filter { Self.path(of: $0) != nil }.sorted()
        let victims = (0..<killsOfEach).flatMap { _ in names.shuffled(using: &random) }
        for name in victims {
            try await Task.sleep(for: duration / (victims.count + 1))
            let start = ContinuousClock.now
            hospital.kill(name)
            // The first answers may be those of calls that the old process still held: none comes from it after its end.
            _ = try await tools.admin.read((Self.path(of: name) ?? "") + "?page_size=1")
            tools.ledger.note(backAfter: .now - start)
        }
    }

    /// Where a process of a service is asked whether it is back; nil for others.
    private static func path(of process: String) -> String? {
        paths[String(process.prefix { $0 != "." })]
    }

    /// The hospital stands still from a kill to the first write that was begun after it and is acknowledged.
    private func killServer(_ tools: ChaosTools) async throws {
        guard let program = serverKill.first else { return }
        for number in 0..<serverKills {
            try await Task.sleep(for: duration / (serverKills + 1))
            let start = ContinuousClock.now
            let kill = try await CommandRun(program, Array(serverKill.dropFirst()))
            guard kill.status == 0 else { throw ServerNotKilled(output: kill.output) }
            var isBack = false
            while !isBack { isBack = await tools.registers("Survivor \(number)") }
            tools.ledger.note(stoodStill: .now - start)
        }
    }

    private func lost(_ tools: ChaosTools) async throws -> [String] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var lost: [String] = []
            var underWay = 0
            for promise in tools.ledger.promises {
                if underWay >= 16 { lost += [try await group.next() ?? nil].compactMap { $0 } } else { underWay += 1 }
                group.addTask {
                    guard let reply = try await tools.admin.read(promise.path), reply.status == 200 else { return promise.path }
                    guard let status = promise.finalStatus, reply.body?["status"]?.text != status else { return nil }
                    return "\(promise.path) is \(reply.body?["status"]?.text ?? "nothing") and was \(status)"
                }
            }
            for try await found in group { lost += [found].compactMap { $0 } }
            return lost
        }
    }
}

/// The command that should have killed the database server did not.
struct ServerNotKilled: Error {
    let output: String
}
