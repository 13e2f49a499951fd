import SeededRandom

/// Requests that are nearly right, right and cut short, or not requests at all.
enum HostileRequest {
    private static let verbs = ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD", "get", "\u{0}"]
    private static let targets = [
        "/v1/samples", "/v1/samples/s_1", "/v1/samples?query=%ff", "/%00", "//", "*", "/docs", "/openapi.json", "/v1/samples/é",
    ]
    private static let fields = [
        "Content-Length: 4", "Content-Length: 999", "Transfer-Encoding: chunked", "Expect: 100-continue", "If-Match: \"1\"",
        "If-None-Match: W/\"",
        "Idempotency-Key: \u{7f}", "X-Timeout-Ms: 1", "Connection: close", "Content-Type: application/json", "Upgrade: websocket",
        "X: \u{0}",
    ]
    private static let bodies = [
        "", "{}", "{\"a\":", "4\r\n{\"a\"\r\n0\r\n\r\n", "\u{FEFF}[]", String(repeating: "[", count: 10_000), "\u{0}",
    ]

    static func bytes(token: String, using random: inout SplitMix64) -> [UInt8] {
        if random.next() % 10 == 0 { return (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        var text = "\(pick(verbs, &random)) \(pick(targets, &random)) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n"
        for _ in 0..<random.next() % 4 { text += pick(fields, &random) + "\r\n" }
        var bytes = Array((text + "\r\n" + pick(bodies, &random)).utf8)
        if random.next() % 3 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
        for _ in 0..<random.next() % 3 where !bytes.isEmpty {
            bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << (random.next() % 8)
        }
        return bytes
    }

    private static func pick(_ options: [String], _ random: inout SplitMix64) -> String {
        options[Int(random.next() % UInt64(options.count))]
    }
}
