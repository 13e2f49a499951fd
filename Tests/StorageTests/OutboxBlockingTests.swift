import Synchronization
import Testing

@testable import Storage

/// Events that a receiver does not apply, and what they may hold up.
@Suite(.timeLimit(.minutes(10))) struct OutboxBlockingTests {
    @Test func `an event without an answer is tried for as long as it takes, and is never a dead letter`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            receiver.failing.withLock { $0 = ["evt_bad"] }
            try await relaying(database, [receiver.subscriber("billing")]) { relay in
                try await database.publish("evt_bad", of: "apt_1")
                try await database.publish("evt_behind", of: "apt_1")
                try await database.publish("evt_other", of: "apt_2")
                await receiver.wasSent(["evt_bad"], times: 20)
                #expect(receiver.ids == ["evt_other"])
                receiver.failing.withLock { $0 = [] }
                await receiver.hasReceived(3)
                #expect(relay.counts["billing"]?.deadLettered == 0 && relay.counts["billing"]?.rejected == 0)
            }
            #expect(receiver.ids == ["evt_other", "evt_bad", "evt_behind"])
            #expect(try await database.read { try $0.deadLetterCounts() } == [:])
        }
    }

    @Test func `several events of one aggregate go in one delivery, and those behind a refused one wait`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<6 { try transaction.publish(event("evt_\(number)", of: "apt_1")) }
            }
            let receiver = Receiver(refuses: ["evt_3"])
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                await receiver.hasReceived(5)
            }
            #expect(receiver.sizes.first == 6)
            #expect(receiver.ids == ["evt_0", "evt_1", "evt_2", "evt_4", "evt_5"])
            #expect(try await database.integers("SELECT count(*) FROM hms_outbox_held") == [0])
        }
    }

    /// Twelve aggregates are blocked, and a batch has four.
    @Test func `more than a batch of blocked aggregates neither spin, nor starve, nor hold up others`() async throws {
        try await withDatabase { database in
            let clock = SteppedClock()
            var options = OutboxRelayOptions.quick
            options.batchSize = 4
            // The clock stands still while the relay would let more events come together.
            options.rushPause = .zero
            options.backoff.first = .seconds(1)
            options.backoff.longest = .seconds(1)
            options.backoff.jitter = { 1 }
            options.realTime = clock.read
            options.sleepUntil = clock.sleep
            let blocked = (0..<12).map { "evt_\($0)" }
            let receiver = Receiver()
            receiver.failing.withLock { $0 = Set(blocked) }
            for id in blocked { try await database.publish(id, of: id) }
            try await relaying(database, [receiver.subscriber("billing")], options: options) { _ in
                for round in 1...3 {
                    await receiver.wasSent(blocked, times: round)
                    try await database.publish("evt_other_\(round)", of: "apt_\(round)")
                    await receiver.hasReceived(round)
                    await clock.isSleeping(until: clock.read() + 1_000)
                    #expect(receiver.tries.filter { blocked.contains($0.key) }.allSatisfy { $0.value == round })
                    clock.advance(by: 1_000)
                }
                receiver.failing.withLock { $0 = [] }
                await receiver.hasReceived(15)
            }
            #expect(Set(receiver.ids) == Set(blocked + (1...3).map { "evt_other_\($0)" }))
        }
    }

    @Test func `a subscriber is not woken by commits that hold nothing that it wants`() async throws {
        try await withDatabase { database in
            let looks = Tally()
            var options = OutboxRelayOptions.quick
            options.realTime = {
                looks.add()
                return 0
            }
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing", types: ["wanted"])], options: options) { _ in
                try await database.publish("evt_0", of: "apt_0", type: "wanted")
                await receiver.hasReceived(1)
                try await relaying(database, [Receiver().subscriber("everybody")]) { relay in
                    // Whoever begins to hear of what others commit looks once.
                    while database.isShared && !database.outboxSignal.isHearing { await Task.yield() }
                    for number in 1...3 { try await settle(relay, at: number, database) }
                    let before = looks.count
                    for number in 4...40 { try await settle(relay, at: number, database) }
                    #expect(looks.count == before)
                }
                try await database.publish("evt_last", of: "apt_0", type: "wanted")
                await receiver.hasReceived(2)
            }
            #expect(receiver.ids == ["evt_0", "evt_last"])
        }
    }

    /// Publishes what only the other subscriber wants, and returns when it has it.
    private func settle(_ relay: OutboxRelay, at number: Int, _ database: Database) async throws {
        try await database.publish("evt_\(number)", of: "apt_0", type: "unwanted")
        while (relay.counts["everybody"]?.delivered ?? 0) < number { await Task.yield() }
    }

    @Test func `wanted events are found behind any number of others`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<2_500 { try transaction.publish(event("evt_\(number)", of: "apt_0", type: "unwanted")) }
                try transaction.publish(event("evt_wanted", of: "apt_0", type: "wanted"))
                try transaction.execute("DELETE FROM hms_outbox WHERE sequence BETWEEN 100 AND 400")
            }
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing", types: ["wanted", "wished"])]) { _ in
                await receiver.hasReceived(1)
            }
            #expect(receiver.ids == ["evt_wanted"])
        }
    }

    @Test func `a delivery holds at most so many bytes, and at least one event`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<10 { try transaction.publish(event("evt_\(number)", of: "apt_\(number)")) }
            }
            let sizes = Mutex<[Int]>([])
            let receiver = OutboxSubscriber(name: "billing") { delivery in
                sizes.withLock { $0.append(delivery.events.count) }
                return OutboxAnswer()
            }
            for (limit, expected) in [(9, [3, 3, 3, 1]), (2, Array(repeating: 1, count: 10))] {
                var options = OutboxRelayOptions.quick
                options.batchBytes = limit
                sizes.withLock { $0 = [] }
                try await database.write { try $0.execute("DELETE FROM hms_outbox_cursors") }
                try await relaying(database, [receiver], options: options) { relay in
                    while (relay.counts["billing"]?.delivered ?? 0) < 10 { await Task.yield() }
                }
                #expect(sizes.withLock { $0 } == expected)
            }
        }
    }
}

/// A clock that a test moves, and who sleeps by it.
final class SteppedClock: Sendable {
    private let state = Mutex((now: Int64(1_000_000), sleeping: Set<Int64>()))

    var read: @Sendable () -> Int64 {
        { self.state.withLock { $0.now } }
    }

    var sleep: @Sendable (Int64) async throws -> Void {
        { end in
            self.state.withLock { _ = $0.sleeping.insert(end) }
            while self.read() < end { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    func advance(by milliseconds: Int64) {
        state.withLock { $0.now += milliseconds }
    }

    /// Returns once somebody sleeps until then.
    func isSleeping(until instant: Int64) async {
        while !state.withLock({ $0.sleeping.contains(instant) }) { await Task.yield() }
    }
}
