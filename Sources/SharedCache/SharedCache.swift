public import Logging

/// What was found in a cache under some keys.
public struct CacheReading: Sendable {
    /// For each key what lies there; nil where nothing does, or what is damaged or was asked for before the last change.
    public let found: [FoundEntry?]
    /// When it was read: what is asked of a service from now on may be stored with it.
    public let moment: CacheMoment
}

public struct FoundEntry: Sendable {
    public let bytes: [UInt8]
    /// Not after it was asked for, by this process' own clock.
    public let asked: ContinuousClock.Instant
}

/// A cache in Redis that the replicas of the services share. It is never the truth: whoever finds nothing in it asks those who
/// know, and so does whoever can't reach it, for it says nothing rather than let a caller wait.
///
/// A call takes at most ``CacheLimits/deadline`` and never throws. What is stored is personal to nobody, or it is not stored.
public final class SharedCache: Sendable {
    private let lane: CacheLane
    private let limits: CacheLimits

    /// Begins to connect, and does so again whenever the connection has broken.
    ///
    /// - Throws: where the process has no descriptors left.
    public init(_ address: CacheAddress, limits: CacheLimits = CacheLimits(), logger: Logger) throws {
        self.limits = limits
        lane = try CacheLane(atMost: limits.operations)
        CacheThread.start(lane, address, limits, logger)
    }

    deinit {
        lane.stop()
    }

    public var counts: CacheCounts { lane.counts }

    /// Reads entries, all in one round trip.
    ///
    /// - Parameter generation: counts the changes (``increment(_:expiresAfter:)``) that make every entry worthless which was asked for
    ///   before them.
    /// - Returns: nil where the cache doesn't answer in time.
    public func read(_ keys: [CacheKey], since generation: CacheKey) async -> CacheReading? {
        let sent = ContinuousClock.now
        guard let replies = await answers(to: keys.map { .get($0) } + [.get(generation), .time]) else { return nil }
        guard let time = replies[keys.count + 1].time, let generation = replies[keys.count].count else {
            lane.count { $0.refusals += 1 }
            return nil
        }
        let moment = CacheMoment(time: time, generation: generation)
        let found = zip(keys, replies).map { key, reply in entry(reply, of: key, at: moment, sent: sent) }
        let hits = found.count { $0 != nil }
        lane.count {
            $0.hits += hits
            $0.misses += found.count - hits
        }
        return CacheReading(found: found, moment: moment)
    }

    /// Stores what was asked for after `moment`, and waits for nothing. What is too large is not stored.
    ///
    /// - Parameter lifetime: counted from `moment`.
    public func store(_ bytes: [UInt8], for key: CacheKey, askedAfter moment: CacheMoment, expiresAfter lifetime: Duration) {
        guard bytes.count <= limits.valueByteCount else { return }
        send(.set(key, CacheEntry(bytes, at: moment).stored(for: key), for: lifetime))
    }

    /// Lets go of an entry, and waits for nothing.
    public func remove(_ key: CacheKey) {
        send(.remove(key))
    }

    /// Counts one more.
    ///
    /// - Parameter lifetime: after so long from the first, it begins anew.
    /// - Returns: the count; nil where the cache doesn't answer in time, and then it may have counted all the same.
    @discardableResult
    public func increment(_ key: CacheKey, expiresAfter lifetime: Duration) async -> Int64? {
        guard let reply = await answers(to: [.increment(key, for: lifetime)])?.first else { return nil }
        guard case .number(let count) = reply else {
            lane.count { $0.refusals += 1 }
            return nil
        }
        return count
    }

    /// Counts one more, and waits for nothing.
    public func incrementLater(_ key: CacheKey, expiresAfter lifetime: Duration) {
        send(.increment(key, for: lifetime))
    }

    /// Takes tokens of a bucket that all replicas take from.
    ///
    /// - Parameters:
    ///   - interval: the time for which one token counts, a microsecond at least.
    ///   - most: how long an empty bucket takes to be full again.
    /// - Returns: how long it takes until it is; nil where the cache doesn't answer in time, and then they may be taken all the same.
    public func take(_ count: Int, of key: CacheKey, interval: Duration, most: Duration) async -> Duration? {
        let command = RedisCommand.take(
            count, of: key, interval: max(1, Int64(interval / .microseconds(1))), most: Int64(most / .microseconds(1)))
        guard let reply = await answers(to: [command])?.first else { return nil }
        guard case .number(let left) = reply else {
            lane.count { $0.refusals += 1 }
            return nil
        }
        return .microseconds(left)
    }

    /// Runs a script.
    ///
    /// - Returns: nil where the cache doesn't answer in time, and then it may have run all the same, or where it refuses.
    public func run(_ script: CacheScript, on keys: [CacheKey], _ arguments: [[UInt8]]) async -> CacheAnswer? {
        switch await answers(to: [.run(script, on: keys, arguments)])?.first {
        case .nothing: return .nothing
        case .number(let number): return .number(number)
        case .bytes(let bytes): return .bytes(bytes)
        case .done, .pair, .refusal:
            lane.count { $0.refusals += 1 }
            return nil
        case nil: return nil
        }
    }

    private func entry(_ reply: RedisReply, of key: CacheKey, at moment: CacheMoment, sent: ContinuousClock.Instant) -> FoundEntry? {
        guard case .bytes(let stored) = reply else {
            if reply != .nothing { lane.count { $0.refusals += 1 } }
            return nil
        }
        guard let entry = CacheEntry(stored: stored, for: key) else {
            lane.count { $0.refusals += 1 }
            return nil
        }
        // The cache's clock was set back, or the generation has begun anew.
        guard entry.moment.time <= moment.time, entry.moment.generation == moment.generation else { return nil }
        return FoundEntry(bytes: entry.bytes, asked: sent - .microseconds(moment.time - entry.moment.time))
    }

    private func answers(to commands: [RedisCommand]) async -> [RedisReply]? {
        await withCheckedContinuation { caller in
            let operation = CacheOperation(commands: commands, deadline: .now + limits.deadline, caller: caller)
            if !lane.submit(operation) { caller.resume(returning: nil) }
        }
    }

    private func send(_ command: RedisCommand) {
        _ = lane.submit(CacheOperation(commands: [command], deadline: .now + limits.deadline, caller: nil))
    }
}

extension RedisReply {
    /// A count as it lies there: nothing is none.
    fileprivate var count: Int64? {
        switch self {
        case .nothing: 0
        case .bytes(let text): Int64(String(decoding: text, as: UTF8.self))
        case .done, .number, .pair, .refusal: nil
        }
    }
}
