import NIOCore
import ServiceKit
import Testing

@testable import RESTShim

/// How often one caller and one address may ask.
@Suite(.timeLimit(.minutes(10))) struct RateLimitTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func instant(_ milliseconds: Int64) -> NIODeadline { start + .milliseconds(milliseconds) }

    // MARK: The bucket

    @Test func `a bucket that rested gives two seconds' worth at once, and then one for each interval`() throws {
        let limit = try #require(RateLimit(perSecond: 10))
        var bucket = TokenBucket()
        for _ in 0..<20 { #expect(bucket.take(limit, at: start) == nil) }
        #expect(bucket.take(limit, at: start) == .milliseconds(100))
        #expect(bucket.take(limit, at: instant(99)) == .milliseconds(1))
        #expect(bucket.take(limit, at: instant(100)) == nil)
        #expect(bucket.take(limit, at: instant(100)) == .milliseconds(100))
    }

    @Test func `who is refused loses nothing by having asked`() throws {
        let limit = try #require(RateLimit(perSecond: 1))
        var bucket = TokenBucket()
        for _ in 0..<2 { #expect(bucket.take(limit, at: start) == nil) }
        for _ in 0..<100 { #expect(bucket.take(limit, at: instant(999)) == .milliseconds(1)) }
        #expect(bucket.take(limit, at: instant(1_000)) == nil)
    }

    @Test func `a bucket is full again after as long as it took to empty it`() throws {
        let limit = try #require(RateLimit(perSecond: 10))
        var bucket = TokenBucket()
        for _ in 0..<20 { _ = bucket.take(limit, at: start) }
        #expect(!bucket.isFull(at: instant(1_999)))
        #expect(bucket.isFull(at: instant(2_000)))
    }

    @Test func `a rate of zero is no limit`() {
        #expect(RateLimit(perSecond: 0) == nil)
    }

    // MARK: Many

    @Test func `each has his own bucket`() throws {
        let buckets = TokenBuckets<String>(try #require(RateLimit(perSecond: 1)))
        for _ in 0..<2 { #expect(buckets.take(of: "a", at: start) == nil) }
        #expect(buckets.take(of: "a", at: start) != nil)
        #expect(buckets.take(of: "b", at: start) == nil)
    }

    @Test func `a flood of others neither fills the memory nor gives anybody a new bucket`() throws {
        let buckets = TokenBuckets<Int>(try #require(RateLimit(perSecond: 1)), capacity: 100)
        for _ in 0..<2 { #expect(buckets.take(of: 0, at: start) == nil) }
        for other in 1...1_000 { _ = buckets.take(of: other, at: start) }
        #expect(buckets.count == 100)
        #expect(buckets.take(of: 0, at: start) != nil)
        // Those who are not remembered share a bucket, which is empty by now.
        #expect(buckets.take(of: 5_000, at: start) != nil)
    }

    @Test func `those whose buckets are full again make room for others`() throws {
        let buckets = TokenBuckets<Int>(try #require(RateLimit(perSecond: 1)), capacity: 100)
        for other in 0..<100 { #expect(buckets.take(of: other, at: start) == nil) }
        #expect(buckets.take(of: 100, at: instant(2_000)) == nil)
        #expect(buckets.count == 1)
    }

    // MARK: Addresses

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
        ("10.0.0.7", "10.0.0.8", false),
        ("0.0.0.0/0", "192.0.2.1", true), ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("::/0", "2001:db8::1", true), ("2001:db8::1/128", "2001:db8::1", true),
        ("2001:db8::1/128", "2001:db8::2", false), ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
    ])
    func `a network holds the addresses that begin like it`(network: String, address: String, holds: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(bare: address))) == holds)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "ten", "2001:db8::/129", "10.0.0.0/", "10.0.0.1:80"])
    func `what is no network is none`(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(arguments: [
        (nil, "10.0.0.1"), ("", "10.0.0.1"), ("192.0.2.1", "192.0.2.1"), ("192.0.2.1, 10.0.0.2", "192.0.2.1"),
        // Whatever stands before the first stranger he may have written himself.
        ("198.51.100.9, 192.0.2.1", "192.0.2.1"), ("10.9.9.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"), ("192.0.2.1, nonsense", "10.0.0.1"),
        ("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]:443 , 10.0.0.3", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
    ])
    func `a client is the last hop that is no proxy of ours`(forwarded: String?, client: String) throws {
        let proxies = TrustedProxies(networks: [try #require(IPNetwork("10.0.0.0/8"))])
        let peer = try #require(IPAddress(bare: "10.0.0.1"))
        #expect(proxies.client(behind: peer, forwarded) == IPAddress(bare: client))
    }

    @Test func `who is no proxy of ours is not believed`() throws {
        let proxies = TrustedProxies(networks: [try #require(IPNetwork("10.0.0.0/8"))])
        let peer = try #require(IPAddress(bare: "192.0.2.7"))
        #expect(proxies.client(behind: peer, "198.51.100.9") == peer)
    }

    // MARK: Over HTTP

    /// Sends many at once: some of them within a second, however slow the machine is.
    private func statuses(_ shim: Shim, of request: String, count: Int = 60) async throws -> [Answer] {
        try await RawConnection.open(port: shim.port) { connection in
            try await connection.send(String(repeating: request, count: count))
            var answers: [Answer] = []
            for _ in 0..<count { answers.append(try await connection.answer()) }
            return answers
        }
    }

    @Test func `a caller who asks too often is told when to come again, and others are not held up by him`() async throws {
        try await Shim.run { configuration in
            configuration.rates.ofCaller = 1
            configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap(\.self)
        } _: { shim async throws in
            let get = { (token: String) in
                "GET /v1/samples/1 HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer \(token)\r\n\r\n"
            }
            let answers = try await statuses(shim, of: get(try await shim.token()))
            #expect(answers.count { $0.status == 200 } >= 2)
            let refused = try #require(answers.first { $0.status == 429 })
            #expect(refused.json["code"] as? String == "RATE_LIMITED")
            #expect(refused["Retry-After"].flatMap(Int.init).map { (1...2).contains($0) } == true)
            #expect(try await statuses(shim, of: get(try await shim.token(subject: "usr_2")), count: 1).map(\.status) == [200])
        }
    }

    @Test func `an address that asks too often is told so before its token is looked at, but learns whether the server lives`() async throws
    {
        try await Shim.run { configuration in
            configuration.rates.ofAddress = 1
            configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap(\.self)
        } _: { shim async throws in
            let from = { (path: String, address: String) in "GET \(path) HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: \(address)\r\n\r\n" }
            let answers = try await statuses(shim, of: from("/v1/samples/1", "192.0.2.1"))
            #expect(answers.contains { $0.status == 401 } && answers.contains { $0.status == 429 })
            #expect(try await statuses(shim, of: from("/v1/samples/1", "192.0.2.2"), count: 1).map(\.status) == [401])
            #expect(try await statuses(shim, of: from("/livez", "192.0.2.1")).allSatisfy { $0.status == 200 })
        }
    }

    @Test func `what comes from this machine itself has no limit`() async throws {
        try await Shim.run { configuration in
            configuration.rates.ofAddress = 1
            configuration.rates.ofCaller = 1
        } _: { shim async throws in
            let token = try await shim.token()
            let get = "GET /v1/samples/1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n"
            #expect(try await statuses(shim, of: get).allSatisfy { $0.status == 200 })
        }
    }

    @Test func `a body of somebody who asks too often is not asked for`() async throws {
        try await Shim.run { configuration in
            configuration.rates.ofCaller = 1
            configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap(\.self)
        } _: { shim async throws in
            let token = try await shim.token()
            let head =
                "POST /v1/samples HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            var last: Answer?
            while last?.status != 429 {
                last = try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(head + "Content-Length: 2\r\n\r\n{}")
                    return try await connection.answer()
                }
            }
            #expect(last?["Connection"] == "close")
        }
    }
}
