/// A command as it is sent: an array of texts in the protocol of Redis.
struct RedisCommand: Sendable {
    let bytes: [UInt8]

    private init(_ parts: [[UInt8]]) {
        var bytes = Array("*\(parts.count)\r\n".utf8)
        for part in parts {
            bytes += Array("$\(part.count)\r\n".utf8)
            bytes += part
            bytes += [0x0D, 0x0A]
        }
        self.bytes = bytes
    }

    private init(_ texts: String...) {
        self.init(texts.map { Array($0.utf8) })
    }

    static let ping = RedisCommand("PING")
    static let time = RedisCommand("TIME")

    static func get(_ key: CacheKey) -> RedisCommand { RedisCommand("GET", key.text) }

    static func set(_ key: CacheKey, _ value: [UInt8], for lifetime: Duration) -> RedisCommand {
        RedisCommand([Array("SET".utf8), Array(key.text.utf8), value, Array("PX".utf8), Array(lifetime.millisecondsText.utf8)])
    }

    static func remove(_ key: CacheKey) -> RedisCommand { RedisCommand("DEL", key.text) }

    /// Both in one step: a count that never expires would count for ever.
    static func increment(_ key: CacheKey, for lifetime: Duration) -> RedisCommand {
        RedisCommand(
            "EVAL", "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n", "1",
            key.text, lifetime.millisecondsText)
    }

    /// Takes tokens of a bucket (the generic cell rate algorithm) in one step, by the cache's own clock. What lies there is when the bucket is
    /// full again, in microseconds; the answer is how long that takes.
    ///
    /// - Parameters:
    ///   - interval: microseconds for which one token counts.
    ///   - most: how long an empty bucket takes. What replicas have taken too much is owed, up to as much again.
    static func take(_ count: Int, of key: CacheKey, interval: Int64, most: Int64) -> RedisCommand {
        RedisCommand("EVAL", takeScript, "1", key.text, "\(count)", "\(interval)", "\(most)")
    }

    private static let takeScript = """
        local t = redis.call('TIME') local now = t[1] * 1000000 + t[2] \
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) or 0, now) + ARGV[1] * ARGV[2] \
        if full > now + 2 * ARGV[3] then full = now + 2 * ARGV[3] end \
        redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1) return full - now
        """

    static func run(_ script: CacheScript, on keys: [CacheKey], _ arguments: [[UInt8]]) -> RedisCommand {
        let named = ["EVAL", script.text, "\(keys.count)"] + keys.map(\.text)
        return RedisCommand(named.map { Array($0.utf8) } + arguments)
    }

    /// What a new connection says before anything else.
    static func greeting(_ address: CacheAddress) -> [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = address.password {
            commands.append(address.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        if address.database != 0 { commands.append(RedisCommand("SELECT", "\(address.database)")) }
        return commands + [.ping]
    }
}

extension Duration {
    /// At least one.
    fileprivate var millisecondsText: String { "\(max(1, Int64(self / .milliseconds(1))))" }
}
