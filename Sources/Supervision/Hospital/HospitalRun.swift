import Logging
import ServiceKit
import Synchronization

/// A hospital from its start to its end: keeps its processes running, says when it is ready, and stops it when asked.
public struct HospitalRun: Sendable {
    /// What happens to a hospital as seen from outside.
    private enum Moment: Sendable {
        case ready(HospitalState)
        case processDied(name: String, ProcessEnd, reason: String?)
        case neverReady
        case stopRequested
    }

    private let plan: HospitalPlan
    private let parts: HospitalParts
    private let startPatience: Duration

    /// - Parameter startPatience: how long all parts may say nothing before the start counts as failed.
    public init(_ plan: HospitalPlan, _ parts: HospitalParts, startPatience: Duration = .seconds(60)) {
        self.plan = plan
        self.parts = parts
        self.startPatience = startPatience
    }

    /// Runs until `stops` says so. Throws `StartFailed` where a process dies, or nothing is ready, at the start.
    ///
    /// - Parameters:
    ///   - stops: each element asks for the end.
    ///   - whenReady: called once with the process ids by name; what it throws ends the hospital.
    public func run(
        until stops: some AsyncSequence<Void, Never> & Sendable,
        whenReady: (_ processes: [String: Int32], HospitalState) async throws -> Void
    ) async throws {
        let (moments, happened) = AsyncStream.makeStream(of: Moment.self)
        let processes = Mutex<[String: Int32]>([:])
        let start = StartWatch()
        let logger = parts.logger("up")
        let supervisor = try Supervisor(grace: parts.drainGrace) { [announce = parts.announce] event in
            switch event {
            case .started(let name, let pid):
                processes.withLock { $0[name] = pid }
            case .told(let name, let line):
                guard let phase = StartPhase(line: line), let news = start.note(phase, of: name) else { return }
                announce("\(name): \(news)")
                logger.info("start takes its time", metadata: ["process": "\(name)", "phase": "\(news)"])
            case .died(let name, let end, _, _):
                happened.yield(.processDied(name: name, end, reason: start.takeFailure(of: name)))
            case .stopped:
                break
            }
            Self.note(event, logger)
        }
        let running = Task { await supervisor.run(front: plan.front(parts.program), back: plan.back(parts.program)) }
        let watching = [
            Task { _ = happened.yield(try await state(start).map(Moment.ready) ?? .neverReady) },
            Task { for await _ in stops { _ = happened.yield(.stopRequested) } },
            Task { [moments = parts.atOnce.moments] in for await _ in moments { supervisor.killAll() } },
        ]
        let result = await Result(catching: { try await follow(moments) { try await whenReady(processes.withLock { $0 }, $0) } })
        running.cancel()
        await running.value
        for task in watching { task.cancel() }
        try result.get()
    }

    private func follow(_ moments: AsyncStream<Moment>, whenReady: (HospitalState) async throws -> Void) async throws {
        var hasBeenReady = false
        for await moment in moments {
            switch moment {
            case .ready(let state):
                hasBeenReady = true
                try await whenReady(state)
            case .processDied(let name, let end, let reason):
                guard hasBeenReady else { throw StartFailed(name: name, end, reason: reason) }
            case .neverReady:
                throw StartFailed(reason: "the hospital was not ready, and none of its parts has said anything for \(startPatience)")
            case .stopRequested:
                return
            }
        }
    }

    /// Nil where nothing was heard for too long.
    private func state(_ start: StartWatch) async throws -> HospitalState? {
        try await HospitalState.asking(plan.url) { ask in
            while start.silence < startPatience {
                if let state = await ask() { return state }
                try await Task.sleep(for: .milliseconds(15))
            }
            return nil
        }
    }

    private static func note(_ event: Supervisor.Event, _ logger: Logger) {
        switch event {
        case .started(let name, let pid):
            logger.info("process started", metadata: ["process": "\(name)", "pid": .stringConvertible(pid)])
        case .told:
            break
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
