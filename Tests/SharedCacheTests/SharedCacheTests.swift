import ProcessDriving
import Testing

@testable import SharedCache

/// Against the Redis of this system.
@Suite(.timeLimit(.minutes(10))) struct SharedCacheTests {
    @Test func `what one replica stores the other finds, as old as it is`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let (one, other) = (try SharedCache(at: redis.port), try SharedCache(at: redis.port))
        let start = ContinuousClock.now
        let reading = try await read(one)
        one.store([1, 2, 3], for: key(), askedAfter: reading.moment, expiresAfter: .seconds(60))
        var found: FoundEntry?
        #expect(
            try await eventually {
                found = await other.read([key()], since: generation)?.found[0]
                return found != nil
            })
        #expect(found?.bytes == [1, 2, 3])
        let asked = try #require(found?.asked)
        #expect(asked <= .now && asked >= start - .milliseconds(1))
        #expect(one.counts.failures == 0)
    }

    @Test func `an entry goes when its time is up, and when it is removed`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        let reading = try await read(cache)
        cache.store([1], for: key("short"), askedAfter: reading.moment, expiresAfter: .milliseconds(1))
        cache.store([1], for: key("removed"), askedAfter: reading.moment, expiresAfter: .seconds(60))
        cache.store([1], for: key("kept"), askedAfter: reading.moment, expiresAfter: .seconds(60))
        cache.remove(key("removed"))
        #expect(
            try await eventually {
                let found = await cache.read([key("short"), key("removed"), key("kept")], since: generation)?.found
                return found?.map { $0 != nil } == [false, false, true]
            })
    }

    @Test func `what was asked for before a change is found no more`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let (one, other) = (try SharedCache(at: redis.port), try SharedCache(at: redis.port))
        let before = try await read(one)
        #expect(try await eventually { await other.increment(generation, expiresAfter: .seconds(60)) != nil })
        // The answer to a question that was under way at the change comes after it.
        one.store([1], for: key(), askedAfter: before.moment, expiresAfter: .seconds(60))
        #expect(try await eventually { try redis.command("EXISTS", key().text).contains("1") })
        let after = try await read(one)
        #expect(after.found[0] == nil)
        one.store([2], for: key(), askedAfter: after.moment, expiresAfter: .seconds(60))
        #expect(try await eventually { await other.read([key()], since: generation)?.found[0]?.bytes == [2] })
    }

    @Test func `a count begins anew when its time is up`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        #expect(try await eventually { await cache.answers() })
        for expected: Int64 in 1...3 {
            #expect(await cache.increment(key("calls"), expiresAfter: .seconds(600)) == expected)
        }
        let left = try redis.command("PTTL", key("calls").text)
        #expect((1...600_000).contains(Int(left.dropLast()) ?? 0))
        _ = await cache.increment(key("brief"), expiresAfter: .milliseconds(1))
        #expect(try await eventually { await cache.increment(key("brief"), expiresAfter: .milliseconds(1)) == 1 })
    }

    @Test func `a cache that was killed is missed by nobody, and used when it is back`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        #expect(try await eventually { await cache.answers() })
        redis.kill()
        #expect(try await eventually { !(await cache.answers()) })
        try redis.start()
        #expect(try await eventually { await cache.answers() })
    }

    @Test func `a cache that stands still lets callers go, and is used when it goes on`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        var limits = patientLimits
        limits.deadline = .milliseconds(20)
        let cache = try SharedCache(at: redis.port, limits: limits)
        #expect(try await eventually { await cache.answers() })
        redis.pause()
        let start = ContinuousClock.now
        for _ in 0..<100 { #expect(!(await cache.answers())) }
        #expect(ContinuousClock.now - start < .seconds(5))
        redis.goOn()
        #expect(try await eventually { await cache.answers() })
    }

    @Test func `a cache that is flushed is empty, and one that is full stores nothing`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        let reading = try await read(cache)
        cache.store([7], for: key("0"), askedAfter: reading.moment, expiresAfter: .seconds(60))
        #expect(try await eventually { await cache.increment(key(), expiresAfter: .seconds(60)) != nil })
        try redis.command("CONFIG", "SET", "maxmemory", "1")
        #expect(try await eventually { await cache.increment(key(), expiresAfter: .seconds(60)) == nil })
        #expect(try await eventually { await cache.answers() }, "it is still asked")
        try redis.command("CONFIG", "SET", "maxmemory", "0")
        try redis.command("FLUSHALL")
        #expect(try await read(cache, "0").found[0] == nil)
        #expect(try await eventually { await cache.increment(key(), expiresAfter: .seconds(1)) != nil })
    }

    @Test func `what is damaged, or too large to be stored, is not found`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        let reading = try await read(cache)
        try redis.command("SET", key("strange").text, "rubbish")
        try redis.command("LPUSH", key("list").text, "rubbish")
        let tooLarge = [UInt8](repeating: 1, count: CacheLimits().valueByteCount + 1)
        cache.store(tooLarge, for: key("large"), askedAfter: reading.moment, expiresAfter: .seconds(60))
        cache.store(Array(tooLarge.dropLast()), for: key("largest"), askedAfter: reading.moment, expiresAfter: .seconds(60))
        let keys = [key("strange"), key("list"), key("large"), key("largest")]
        #expect(
            try await eventually {
                await cache.read(keys, since: generation)?.found.map { $0?.bytes.count } == [nil, nil, nil, tooLarge.count - 1]
            })
        try redis.command("SET", generation.text, "rubbish")
        #expect(!(await cache.answers()))
    }

    @Test(arguments: [("secret", true), ("wrong", false)])
    func `a cache with a password is entered with it, and into the database that was named`(password: String, isRight: Bool) async throws {
        let redis = try await CacheServer.start(["--requirepass", "secret"])
        defer { redis.kill() }
        let logged = LoggedLines()
        let address = try #require(CacheAddress("redis://:\(password)@127.0.0.1:\(redis.port)/3"))
        let cache = try SharedCache(address, limits: patientLimits, logger: logged.logger)
        #expect(try await eventually { isRight ? await cache.answers() : logged.all.contains { $0.contains("WRONGPASS") } })
        #expect(await cache.answers() == isRight)
        #expect(!logged.all.contains { $0.contains(password) })
        guard isRight else { return }
        _ = await cache.increment(key(), expiresAfter: .seconds(60))
        #expect(try redis.command("-a", "secret", "-n", "3", "EXISTS", key().text).contains("1"))
    }

    @Test func `many calls at once are all answered, each with its own`() async throws {
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        let cache = try SharedCache(at: redis.port)
        let reading = try await read(cache)
        for number in 0..<200 {
            cache.store([UInt8(number)], for: key("\(number)"), askedAfter: reading.moment, expiresAfter: .seconds(600))
        }
        let isRight = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { await cache.read([key("\(number)")], since: generation)?.found[0]?.bytes == [UInt8(number)] }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(isRight)
    }

    private func read(_ cache: SharedCache, _ name: String = "a") async throws -> CacheReading {
        var reading: CacheReading?
        _ = try await eventually {
            reading = await cache.read([key(name)], since: generation)
            return reading != nil
        }
        return try #require(reading)
    }
}
