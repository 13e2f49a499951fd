import Testing

@testable import SharedCache

/// Whatever the other end does, a caller is answered at once with nothing, and goes to those who know.
@Suite(.timeLimit(.minutes(10))) struct BrokenCacheTests {
    static let manners: [PlayedRedis.Manner] = [
        .stalls, .hangsUp, .says("HTTP/1.1 400 Bad Request\r\n\r\n"), .says("*1000000000\r\n"), .says("$2000000000\r\nabc"),
        .says("$-7\r\n"), .says("*2\r\n*2\r\n:1\r\n:2\r\n"), .says(":1\r\n:1\r\n:1\r\n:1\r\n"), .says("\u{0}"),
        .says("-OOM command not allowed when used memory > 'maxmemory'.\r\n"), .says("$3\r\nabc\r\n"), .says("*-1\r\n"),
        .repeats("$99999999\r\n" + String(repeating: "x", count: 60_000)), .repeats(":1\r\n"),
        .dribbles("$4000\r\n" + String(repeating: "x", count: 4_000)),
    ]

    @Test(arguments: manners.indices)
    func `a caller is not kept waiting, and a broken cache is left alone`(index: Int) async throws {
        let server = try PlayedRedis(Self.manners[index])
        defer { server.stop() }
        var limits = CacheLimits()
        limits.deadline = .milliseconds(20)
        let logged = LoggedLines()
        let cache = try SharedCache(at: server.port, limits: limits, logger: logged.logger)
        #expect(try await eventually { logged.all.contains { $0.contains("is there") } })
        var slowest = Duration.zero
        for _ in 0..<50 {
            let start = ContinuousClock.now
            let reading = await cache.read([key()], since: generation)
            #expect(reading?.found.first.flatMap { $0 } == nil)
            #expect(await cache.increment(key(), expiresAfter: .seconds(1)) ?? 1 == 1)
            cache.store([1], for: key(), askedAfter: CacheMoment(time: 0, generation: 0), expiresAfter: .seconds(1))
            slowest = max(slowest, ContinuousClock.now - start)
        }
        // A machine that is very busy takes its time, but nobody waits for what never comes.
        #expect(slowest < .seconds(2))
        #expect(server.connections < 20)
    }

    @Test(arguments: manners.indices)
    func `a server that is none is left alone from the beginning`(index: Int) async throws {
        let server = try PlayedRedis(Self.manners[index], greets: false)
        defer { server.stop() }
        var limits = CacheLimits()
        limits.connectTime = .milliseconds(100)
        let logged = LoggedLines()
        let cache = try SharedCache(at: server.port, limits: limits, logger: logged.logger)
        #expect(!(await cache.answers()))
        _ = try await eventually { !logged.all.isEmpty }
    }

    @Test func `where nobody listens every call is answered at once`() async throws {
        let server = try PlayedRedis(.stalls)
        server.stop()
        let logged = LoggedLines()
        let cache = try SharedCache(at: server.port, logger: logged.logger)
        #expect(!(await cache.answers()))
        #expect(try await eventually { logged.all.contains { $0.contains("left alone") } })
        #expect(cache.counts.unsent > 0)
    }

    @Test func `a password stands in no line of the log, whatever the cache says to it`() async throws {
        let server = try PlayedRedis(.says("-ERR unknown command `AUTH`, with args beginning with: `hush-hush`\r\n"), greets: false)
        defer { server.stop() }
        let logged = LoggedLines()
        let address = try #require(CacheAddress("redis://desk:hush-hush@127.0.0.1:\(server.port)"))
        let cache = try SharedCache(address, limits: patientLimits, logger: logged.logger)
        #expect(try await eventually { logged.all.contains { $0.contains("it refuses us: ERR") } })
        #expect(!logged.all.contains { $0.contains("hush") })
        #expect(!(await cache.answers()))
    }

    @Test func `more calls than are allowed at once are not kept`() async throws {
        let server = try PlayedRedis(.stalls)
        defer { server.stop() }
        var limits = patientLimits
        limits.operations = 10
        limits.deadline = .milliseconds(50)
        let cache = try SharedCache(at: server.port, limits: limits)
        _ = try await eventually { await cache.increment(key(), expiresAfter: .seconds(1)) != nil || cache.counts.failures > 0 }
        for _ in 0..<10_000 { cache.store([1], for: key(), askedAfter: CacheMoment(time: 0, generation: 0), expiresAfter: .seconds(1)) }
        #expect(cache.counts.unsent >= 9_900)
    }
}
