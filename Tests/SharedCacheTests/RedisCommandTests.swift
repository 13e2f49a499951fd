import Testing

@testable import SharedCache

@Suite struct RedisCommandTests {
    @Test func `commands are sent in the protocol of Redis`() {
        let key = CacheKey("c", "a")
        #expect(text(.get(key)) == "*2\r\n$3\r\nGET\r\n$11\r\nhms:1:c:1=a\r\n")
        #expect(
            text(.set(key, Array("x\r\n".utf8), for: .milliseconds(1_500)))
                == "*5\r\n$3\r\nSET\r\n$11\r\nhms:1:c:1=a\r\n$3\r\nx\r\n\r\n$2\r\nPX\r\n$4\r\n1500\r\n")
        #expect(text(.set(key, [], for: .zero)).hasSuffix("$1\r\n1\r\n"), "nothing is stored for ever")
    }

    @Test(arguments: [
        ("redis://h", ["PING"]), ("redis://h/2", ["SELECT", "PING"]), ("redis://:p@h/2", ["AUTH", "SELECT", "PING"]),
    ])
    func `a connection says who it is, and where it wants to be, before anything else`(address: String, names: [String]) throws {
        let greeting = RedisCommand.greeting(try #require(CacheAddress(address)))
        #expect(greeting.map { text($0).split(separator: "\r\n")[2] } == names.map { $0[...] })
    }

    @Test(
        arguments: [
            (["1772422200", "123456"], 1_772_422_200_123_456), (["0", "0"], 0), (["1", "1000000"], nil), (["-1", "0"], nil),
            (["x", "0"], nil), (["9999999999999999", "0"], nil),
        ] as [([String], Int64?)])
    func `a time is seconds and microseconds`(parts: [String], time: Int64?) {
        #expect(RedisReply.pair(Array(parts[0].utf8), Array(parts[1].utf8)).time == time)
    }

    private func text(_ command: RedisCommand) -> String { String(decoding: command.bytes, as: UTF8.self) }
}
