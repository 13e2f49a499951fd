import NIOCore
import Testing

@testable import RPC

/// How much is taken on at once, on a clock of the test's own.
@Suite(.timeLimit(.minutes(10))) struct AdmissionLimitTests {
    /// Target 5 ms, interval 100 ms, from 128 to 4,096.
    private struct Server {
        private var limit = AdmissionLimit(AdmissionRules())
        private var now = NIODeadline.uptimeNanoseconds(1_000_000_000)

        var callsLimit: Int { limit.limit }

        /// For an interval somebody waits every ten milliseconds, each time as long as is said next.
        mutating func pass(waiting waits: [TimeAmount], in line: WaitingLine = .eventLoop, inFlight: Int = 0) {
            for turn in 0..<10 {
                limit.note(waits[turn % waits.count], in: line, inFlight: inFlight, at: now)
                now = now + .milliseconds(10)
            }
        }

        mutating func note(_ wait: TimeAmount, in line: WaitingLine) {
            limit.note(wait, in: line, inFlight: 0, at: now)
        }

        mutating func rest(_ pause: TimeAmount) {
            now = now + pause
        }
    }

    @Test func `everything is taken on while nothing is known of waiting`() {
        #expect(Server().callsLimit == 4_096)
    }

    @Test func `a burst in which some writes wait long and others don't changes nothing`() {
        var server = Server()
        for _ in 0..<20 {
            server.pass(waiting: [.milliseconds(500), .milliseconds(500), .milliseconds(1)], in: .database, inFlight: 1_000)
        }
        #expect(server.callsLimit == 4_096)
    }

    @Test(arguments: [
        (WaitingLine.database, 4_999, 4_096), (.database, 5_000, 4_096), (.database, 5_001, 720), (.eventLoop, 2_499, 4_096),
        (.eventLoop, 2_500, 4_096), (.eventLoop, 2_501, 720),
    ])
    func `where they wait longer than is right, fewer are taken on`(line: WaitingLine, microseconds: Int64, limit: Int) {
        var server = Server()
        server.pass(waiting: [.microseconds(microseconds)], in: line, inFlight: 800)
        server.note(.zero, in: line)
        #expect(server.callsLimit == limit)
    }

    /// Of a hundred requests ninety fall into the long one.
    @Test(arguments: [([9_000, 1_000], 400), ([3_000, 100], 688), ([2_000, 2_000], 4_096), ([2_600, 600], 4_096)])
    func `a short turn after each long one makes nobody wait less who falls into the long one`(turns: [Int64], limit: Int) {
        var server = Server()
        server.pass(waiting: turns.map { .microseconds($0) }, inFlight: 800)
        server.note(.zero, in: .eventLoop)
        #expect(server.callsLimit == limit)
    }

    @Test(arguments: [(5_500, 720), (8_000, 500), (20_000, 400), (2_000_000, 400)])
    func `so many fewer as the wait is too long, and never less than half at once`(microseconds: Int64, limit: Int) {
        var server = Server()
        server.pass(waiting: [.microseconds(microseconds)], in: .database, inFlight: 800)
        server.note(.zero, in: .database)
        #expect(server.callsLimit == limit)
    }

    @Test func `however long they wait, a few are taken on`() {
        var server = Server()
        for _ in 0..<50 { server.pass(waiting: [.seconds(2)], inFlight: 4_096) }
        #expect(server.callsLimit == 128)
    }

    @Test func `one line that stands is enough, however quick the other is`() {
        var server = Server()
        server.note(.milliseconds(30), in: .database)
        server.pass(waiting: [.zero], in: .eventLoop, inFlight: 800)
        server.note(.zero, in: .eventLoop)
        #expect(server.callsLimit == 400)
    }

    @Test func `once the queue empties, everything is taken on again within five seconds`() {
        var server = Server()
        for _ in 0..<50 { server.pass(waiting: [.seconds(2)], inFlight: 4_096) }
        for _ in 0..<50 { server.pass(waiting: [.milliseconds(1)], inFlight: 64) }
        #expect(server.callsLimit == 4_096)
    }

    @Test func `after a silence nothing is left of what was before`() {
        var server = Server()
        for _ in 0..<50 { server.pass(waiting: [.seconds(2)], inFlight: 4_096) }
        server.rest(.milliseconds(900))
        server.note(.zero, in: .eventLoop)
        #expect(server.callsLimit < 200)
        server.pass(waiting: [.zero])
        server.rest(.milliseconds(1_101))
        server.note(.zero, in: .eventLoop)
        #expect(server.callsLimit == 4_096)
    }

    @Test(arguments: [(WaitingLine.database, 150...260), (.eventLoop, 128...150)])
    func `load that is ten times too much is met by about as many as are done in time`(line: WaitingLine, expected: ClosedRange<Int>) {
        // 40 calls are done in a millisecond, so a call waits as long as those before it take; others come at once.
        var server = Server()
        var seen: [Int] = []
        for _ in 0..<100 {
            let inFlight = min(server.callsLimit, 2_000)
            server.pass(waiting: [.microseconds(Int64(inFlight) * 25)], in: line, inFlight: inFlight)
            seen.append(server.callsLimit)
        }
        #expect(seen.dropFirst(50).allSatisfy(expected.contains), "\(seen)")
    }
}
