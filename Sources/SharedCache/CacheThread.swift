import Foundation
import Logging

/// The thread that owns the connection to a cache: it sends what callers leave, many commands at once, hands them the answers,
/// and lets them go when their time is up. A caller never waits for a connection, only for an answer over one.
final class CacheThread {
    private let lane: CacheLane
    private let address: CacheAddress
    private let limits: CacheLimits
    private let logger: Logger
    private var circuit: Circuit
    private var connection: RedisConnection?
    /// Replies that a new connection owes before it is open, and by when.
    private var greeting: (repliesLeft: Int, deadline: ContinuousClock.Instant)?
    private var unanswered = UnansweredOperations()
    private var told: (counts: CacheCounts, at: ContinuousClock.Instant)

    private init(_ lane: CacheLane, _ address: CacheAddress, _ limits: CacheLimits, _ logger: Logger) {
        self.lane = lane
        self.address = address
        self.limits = limits
        self.logger = logger
        circuit = Circuit(limits, at: .now)
        told = (CacheCounts(), .now)
    }

    static func start(_ lane: CacheLane, _ address: CacheAddress, _ limits: CacheLimits, _ logger: Logger) {
        Thread.detachNewThread {
            Thread.current.name = "hms-cache"
            CacheThread(lane, address, limits, logger).run()
        }
    }

    private func run() {
        refuseBrokenPipes()
        while !lane.isStopped {
            do throws(CacheFailure) {
                if let connection { try serve(connection) } else { try connect() }
            } catch {
                fail(error)
            }
            tellCounts()
        }
        letGo()
    }

    /// The library writes to sockets as to files: one that the cache has closed would end the process.
    private func refuseBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func connect() throws(CacheFailure) {
        guard circuit.nextTry <= .now else {
            _ = lane.sleep(until: circuit.nextTry)
            return
        }
        let connection = try RedisConnection(to: address)
        let commands = RedisCommand.greeting(address)
        for command in commands { try connection.append(command) }
        greeting = (commands.count, .now + limits.connectTime)
        self.connection = connection
    }

    private func serve(_ connection: RedisConnection) throws(CacheFailure) {
        for operation in lane.takeWaiting() {
            unanswered.add(operation)
            for command in operation.commands { try connection.append(command) }
        }
        if connection.hasUnsent { try connection.write() }
        if lane.sleep(until: nextDeadline, socket: connection.descriptor, toWrite: connection.hasUnsent) {
            try connection.read(atMost: limits.valueByteCount + 65_536) { reply throws(CacheFailure) in try take(reply) }
        }
        try giveUpWhatIsLate()
        lane.set(open: greeting == nil && !unanswered.isLate, underWay: unanswered.count)
    }

    private func take(_ reply: RedisReply) throws(CacheFailure) {
        guard let greeting else {
            guard unanswered.take(reply) else { throw .tooMuch }
            return
        }
        if case .refusal(let word) = reply { throw .refused(word) }
        self.greeting = greeting.repliesLeft > 1 ? (greeting.repliesLeft - 1, greeting.deadline) : nil
        guard self.greeting == nil else { return }
        circuit.opened(at: .now)
        logger.notice("The shared cache is there", metadata: ["cache": "\(address)"])
    }

    private var nextDeadline: ContinuousClock.Instant {
        if let greeting { return greeting.deadline }
        let late = unanswered.oldestDeadline.map { $0 + limits.patience }
        return [late, unanswered.nextDeadline].compactMap(\.self).min() ?? told.at + limits.countsEvery
    }

    private func giveUpWhatIsLate() throws(CacheFailure) {
        let now = ContinuousClock.now
        if let greeting, greeting.deadline <= now { throw .late }
        let late = unanswered.giveUp(at: now)
        if late > 0 { lane.count { $0.failures += late } }
        if unanswered.missesInARow >= limits.missesInARow { throw .late }
        if let oldest = unanswered.oldestDeadline, oldest + limits.patience <= now { throw .late }
    }

    private func fail(_ failure: CacheFailure) {
        letGo()
        circuit.failed(at: .now, chance: .random(in: 0...1))
        let pause = (circuit.nextTry - ContinuousClock.now) / .milliseconds(1)
        logger.warning(
            "The shared cache is left alone for a while",
            metadata: ["cache": "\(address)", "reason": "\(failure)", "pause_ms": "\(Int(pause))"])
    }

    private func letGo() {
        connection = nil
        greeting = nil
        let waiting = unanswered.giveUpAll()
        lane.count { $0.failures += waiting }
        lane.shut()
    }

    private func tellCounts() {
        let now = ContinuousClock.now
        guard now - told.at >= limits.countsEvery else { return }
        let counts = lane.counts
        defer { told = (counts, now) }
        guard counts != told.counts else { return }
        logger.info(
            "What the shared cache was asked for",
            metadata: [
                "hits": "\(counts.hits)", "misses": "\(counts.misses)", "failures": "\(counts.failures)", "unsent": "\(counts.unsent)",
                "refusals": "\(counts.refusals)",
            ])
    }
}
