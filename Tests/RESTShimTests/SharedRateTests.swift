import NIOCore
import ProcessDriving
import RPC
import ServiceKit
import SharedCache
import Testing

@testable import RESTShim

/// Several shims that count together how often somebody asks.
@Suite(.timeLimit(.minutes(10))) struct SharedRateTests {
    private static func cache(at port: Int) throws -> SharedCache {
        var limits = CacheLimits()
        // A busy machine meets it.
        limits.deadline = .seconds(5)
        limits.firstPause = .milliseconds(10)
        limits.longestPause = .milliseconds(200)
        return try SharedCache(try #require(CacheAddress("redis://127.0.0.1:\(port)")), limits: limits, logger: .quiet)
    }

    /// Asks until it is so.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func answers(_ cache: SharedCache) async throws {
        let key = CacheKey("hms.test", "ready")
        try await eventually { await cache.take(1, of: key, interval: .seconds(1), most: .seconds(1)) != nil }
    }

    @Test func `what one has let through, the other knows of`() async throws {
        let server = try await CacheServer.start()
        // So many at once, and the next in five hundred seconds: nothing fills while this runs.
        let limit = RateLimit(interval: 500_000_000_000, burst: 10_000)
        let (one, two) = (try Self.cache(at: server.port), try Self.cache(at: server.port))
        try await answers(one)
        try await answers(two)
        let (mine, his) = (SharedBuckets<String>(limit, "caller", one), SharedBuckets<String>(limit, "caller", two))
        for _ in 0..<10_000 { #expect(mine.take(of: "asha") == nil) }
        var letThrough = 0
        // He knows nothing of her at first: what he lets through tells him of the others.
        try await eventually {
            if his.take(of: "asha") != nil { return true }
            letThrough += 1
            return false
        }
        #expect(letThrough >= 1 && letThrough < 10_000)
        #expect(his.take(of: "ravi") == nil)
    }

    @Test func `a bucket in the cache fills with time, and owes as much as it holds at most`() async throws {
        let server = try await CacheServer.start()
        let cache = try Self.cache(at: server.port)
        try await answers(cache)
        let key = CacheKey("hms.test", "bucket")
        let first = try #require(await cache.take(3, of: key, interval: .seconds(100), most: .seconds(1_000)))
        #expect(first > .seconds(299) && first <= .seconds(300))
        let second = try #require(await cache.take(1, of: key, interval: .seconds(100), most: .seconds(1_000)))
        #expect(second > .seconds(300) && second <= .seconds(400))
        let third = try #require(await cache.take(50, of: key, interval: .seconds(100), most: .seconds(1_000)))
        #expect(third <= .seconds(2_000) && third > .seconds(1_999))
        let other = try #require(await cache.take(1, of: CacheKey("hms.test", "brief"), interval: .microseconds(1), most: .milliseconds(1)))
        #expect(other <= .microseconds(1))
    }

    @Test func `a cache that is gone leaves each shim with its own count, and makes nobody wait`() async throws {
        let server = try await CacheServer.start()
        let cache = try Self.cache(at: server.port)
        try await answers(cache)
        let limit = try #require(RateLimit(perSecond: 1))
        let buckets = SharedBuckets<String>(limit, "caller", cache)
        server.kill()
        let now = NIODeadline.now()
        #expect(buckets.take(of: "asha", at: now) == nil && buckets.take(of: "asha", at: now) == nil)
        #expect(buckets.take(of: "asha", at: now) == .seconds(1))
        #expect(buckets.take(of: "ravi", at: now) == nil)
    }

    @Test func `no subject and no address stands in the cache`() async throws {
        let server = try await CacheServer.start()
        let (cache, limit) = (try Self.cache(at: server.port), try #require(RateLimit(perSecond: 10)))
        try await answers(cache)
        let buckets = SharedBuckets<String>(limit, "caller", cache)
        _ = buckets.take(of: "asha-the-caller")
        try await RawConnection.open(port: server.port) { redis in
            try await eventually {
                try await redis.send("KEYS *rate*\r\n")
                let answer = try await redis.next { buffer in
                    let text = buffer.readString(length: buffer.readableBytes) ?? ""
                    return text.isEmpty ? nil : text
                }
                #expect(!answer.contains("asha"))
                return answer.contains("hms.rest")
            }
        }
    }

    @Test func `two shims with one cache let a caller through as often as one`() async throws {
        let server = try await CacheServer.start()
        let (one, two) = (try Self.cache(at: server.port), try Self.cache(at: server.port))
        try await answers(one)
        try await answers(two)
        let configure = { (cache: SharedCache) in
            { (configuration: inout RESTServerConfiguration) in
                configuration.rates.ofCaller = 2
                configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap(\.self)
                configuration.cache = cache
            }
        }
        try await TestIdentity.use { identity async throws in
            let channels: [String: any RPCChannel] = ["sample": FakeChannel()]
            try await Shim.run(identity, routes: SampleRoutes.all, channels: channels, configure: configure(one)) { first async throws in
                try await Shim.run(identity, routes: SampleRoutes.all, channels: channels, configure: configure(two)) {
                    second async throws in
                    let began = ContinuousClock.now
                    var letThrough = 0
                    for _ in 0..<20 {
                        for shim in [first, second] {
                            let answer = try await shim.ask("GET", "/v1/samples/1", ["X-Forwarded-For": "192.0.2.1"])
                            if answer.status == 200 { letThrough += 1 }
                        }
                    }
                    // Four at once, two a second, and what was under way with the other shim; each for itself lets through twice as many.
                    let allowed = 4 + 2 * ((ContinuousClock.now - began) / .seconds(1)) + 4
                    #expect(Double(letThrough) <= allowed)
                }
            }
        }
    }
}
