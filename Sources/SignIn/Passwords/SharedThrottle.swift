import ServiceKit
import SharedCache

/// Counts tries as ``SignInThrottle`` does, of all shims together, in the shared cache. No name and no address stands there.
struct SharedThrottle: Sendable {
    let rules: ThrottleRules
    let cache: SharedCache

    /// What lies under a key: how often it was tried and until when it waits, in milliseconds by the cache's clock. The answer is how many
    /// milliseconds are left to wait, and then nothing is counted.
    private static let trying = CacheScript(
        """
        local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) local longest = 0 local counts = {} \
        for i, k in ipairs(KEYS) do local v = redis.call('GET', k) or '0 0' \
        local count, blocked = string.match(v, '^(%d+) (%d+)$') counts[i] = tonumber(count or 0) \
        longest = math.max(longest, tonumber(blocked or 0) - now) end \
        if longest > 0 then return longest end \
        for i, k in ipairs(KEYS) do local count = counts[i] + 1 local blocked = now local over = count - ARGV[i] \
        if over >= 0 then blocked = now + math.min(ARGV[5], ARGV[4] * 2 ^ math.min(over, 20)) end \
        redis.call('SET', k, string.format('%d %.0f', count, blocked), 'PX', ARGV[6]) end return 0
        """)

    private static let succeeding = CacheScript(
        """
        redis.call('DEL', KEYS[1], KEYS[2]) local v = redis.call('GET', KEYS[3]) \
        local count, blocked = string.match(v or '', '^(%d+) (%d+)$') \
        if count and tonumber(count) > 0 then redis.call('SET', KEYS[3], string.format('%d %s', count - 1, blocked), 'KEEPTTL') end return 1
        """)

    /// Begins a try.
    ///
    /// - Returns: nil, or how long it takes until one may be made; then this counts for nothing.
    /// - Throws: ``SessionsUnavailable``.
    func wait(of name: String, from address: String) async throws(SessionsUnavailable) -> Duration? {
        let numbers = [rules.ofPair, rules.ofName, rules.ofAddress].map { Array("\($0)".utf8) }
        let durations = [rules.firstWait, rules.longestWait, max(rules.memory, rules.longestWait)].map(\.millisecondsText)
        guard case .number(let left) = await cache.run(Self.trying, on: keys(name, address), numbers + durations) else {
            throw SessionsUnavailable()
        }
        return left > 0 ? .milliseconds(left) : nil
    }

    /// The try was no failure.
    ///
    /// - Throws: ``SessionsUnavailable``: then it counts as one.
    func succeeded(_ name: String, from address: String) async throws(SessionsUnavailable) {
        guard await cache.run(Self.succeeding, on: keys(name, address), []) != nil else { throw SessionsUnavailable() }
    }

    private func keys(_ name: String, _ address: String) -> [CacheKey] {
        [("pair", "\(name) \(address)"), ("name", name), ("address", address)].map { kind, text in
            CacheKey("hms.rest", "tries", kind, TokenDigest(text).description)
        }
    }
}
