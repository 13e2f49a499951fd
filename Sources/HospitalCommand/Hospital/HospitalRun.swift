import AsyncHTTPClient
import Logging
public import ServiceKit
import Synchronization

/// A hospital from its start to its end: keeps its processes running, says when it is ready, and stops it when asked.
public struct HospitalRun: Sendable {
    /// What happens to a hospital as seen from outside.
    private enum Moment: Sendable {
        case ready
        case processDied(name: String, ProcessEnd)
        case neverReady
        case stopRequested
    }

    private let plan: HospitalPlan
    private let programs: Programs
    private let log: LogStream
    private let drainGrace: Duration
    private let startPatience: Duration

    public init(_ plan: HospitalPlan, _ parts: HospitalParts, startPatience: Duration = .seconds(60)) {
        self.plan = plan
        programs = parts.programs
        log = parts.log
        drainGrace = parts.drainGrace
        self.startPatience = startPatience
    }

    /// Runs until `stops` says so. Throws `StartFailed` where a process dies, or nothing is ready, at the start.
    ///
    /// - Parameters:
    ///   - stops: each element asks for the end.
    ///   - whenReady: called once with the process ids by name; what it throws ends the hospital.
    public func run(
        until stops: some AsyncSequence<Void, Never> & Sendable, whenReady: ([String: Int32]) async throws -> Void
    ) async throws {
        let (moments, happened) = AsyncStream.makeStream(of: Moment.self)
        let processes = Mutex<[String: Int32]>([:])
        let supervisor = try Supervisor(grace: drainGrace, onLine: { log.pass($1, from: $0) }) { event in
            if case .started(let name, let pid) = event { processes.withLock { $0[name] = pid } }
            if case .died(let name, let end, _, _) = event { happened.yield(.processDied(name: name, end)) }
            Self.note(event, log.logger(service: "up"))
        }
        let running = Task { await supervisor.run(front: plan.front(programs), back: plan.back(programs)) }
        let watching = [
            Task { _ = happened.yield(try await isReady() ? .ready : .neverReady) },
            Task { for await _ in stops { happened.yield(.stopRequested) } },
        ]
        let result = await Result(catching: { try await follow(moments) { try await whenReady(processes.withLock { $0 }) } })
        for task in watching { task.cancel() }
        running.cancel()
        await running.value
        try result.get()
    }

    private func follow(_ moments: AsyncStream<Moment>, whenReady: () async throws -> Void) async throws {
        var hasBeenReady = false
        for await moment in moments {
            switch moment {
            case .ready:
                hasBeenReady = true
                try await whenReady()
            case .processDied(let name, let end):
                guard hasBeenReady else { throw StartFailed(reason: "\(name) \(end) while starting; its log says why") }
            case .neverReady:
                throw StartFailed(reason: "the hospital was not ready within \(startPatience)")
            case .stopRequested:
                return
            }
        }
    }

    private func isReady() async throws -> Bool {
        let url = try HospitalURL(plan.url)
        return try await HTTPClient.withHospitalClient(connectTimeout: .seconds(1)) { http in
            let client = HospitalClient(url: url, token: nil, http: http)
            let giveUp = ContinuousClock.now + startPatience
            while ContinuousClock.now < giveUp {
                // Until it listens there is no answer at all: that is "not ready" too.
                if let reply = try? await client.send(APIRequest(.get, "/readyz"), timeout: .seconds(2)), reply.isSuccess {
                    return true
                }
                try await Task.sleep(for: .milliseconds(15))
            }
            return false
        }
    }

    private static func note(_ event: Supervisor.Event, _ logger: Logger) {
        switch event {
        case .started(let name, let pid):
            logger.info("process started", metadata: ["process": "\(name)", "pid": .stringConvertible(pid)])
        case .stopped(let name, let end):
            logger.info("process stopped", metadata: ["process": "\(name)", "end": "\(end)"])
        case .died(let name, let end, let restarts, let pause):
            logger.error(
                "process died, starting it again",
                metadata: [
                    "process": "\(name)", "end": "\(end)", "restarts": .stringConvertible(restarts), "pause": "\(pause)",
                ])
        }
    }
}

extension Result where Failure == any Error {
    init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// What every run of a hospital needs beside its plan.
public struct HospitalParts: Sendable {
    let programs: Programs
    let log: LogStream
    let signer: TokenSigner
    let drainGrace: Duration

    /// - Parameter drainGrace: how long a process may take to stop before it is killed.
    public init(programs: Programs, log: LogStream, signer: TokenSigner, drainGrace: Duration) {
        self.programs = programs
        self.log = log
        self.signer = signer
        self.drainGrace = drainGrace
    }
}

/// The hospital could not be started.
public struct StartFailed: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { reason }
}
