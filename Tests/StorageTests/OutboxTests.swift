import Synchronization
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct OutboxTests {
    @Test func `events arrive in the order of their commits, each once, woken by the commit`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                for number in 0..<50 { try await database.publish("evt_\(number)", of: "apt_\(number % 3)") }
                await receiver.hasReceived(50)
            }
            for aggregate in 0..<3 {
                let expected = (0..<50).filter { $0 % 3 == aggregate }.map { "evt_\($0)" }
                #expect(receiver.ids.filter { expected.contains($0) } == expected)
            }
        }
    }

    @Test func `an event keeps what it is part of, and one that a program before this one wrote has no state beside its trace`()
        async throws
    {
        try await withDatabase { database in
            let origin = WorkOrigin(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", traceState: "rojo=1,congo=2")
            try await database.write { transaction in
                transaction.origin = origin
                try transaction.publish(event("evt_new", of: "apt_1"))
                transaction.origin = nil
                try transaction.publish(event("evt_untraced", of: "apt_1"))
                try transaction.execute(
                    """
                    INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at, traceparent)
                    VALUES ('evt_old', 'test.happened', 'apt_1', ?, 'cor_1', 10, ?)
                    """, [.blob([1]), .text(origin.traceparent)])
            }
            let seen = Mutex<[OutboxEvent]>([])
            // What is tried again is read by another statement.
            let subscriber = OutboxSubscriber(name: "billing", types: nil) { delivery in
                let tries = seen.withLock { seen in
                    seen += delivery.events.map(\.event)
                    return seen.count
                }
                let isRefused = tries == delivery.events.count
                return OutboxAnswer(
                    failures: isRefused ? delivery.events.map { .init(eventID: $0.event.id, reason: "LATER", isRefusal: false) } : [])
            }
            try await relaying(database, [subscriber]) { _ in
                while seen.withLock({ $0.count }) < 6 { try await Task.sleep(for: .milliseconds(1)) }
            }
            let ids = ["evt_new", "evt_untraced", "evt_old"]
            let origins = [origin, nil, WorkOrigin(traceparent: origin.traceparent)]
            #expect(seen.withLock { $0.map(\.id) } == ids + ids)
            #expect(seen.withLock { $0.map(\.origin) } == origins + origins)
        }
    }

    @Test func `an undone write publishes nothing`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            _ = try? await database.write { transaction in
                try transaction.publish(event("evt_undone", of: "apt_1"))
                throw Refusal()
            }
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                try await database.publish("evt_kept", of: "apt_1")
                await receiver.hasReceived(1)
            }
            #expect(receiver.ids == ["evt_kept"])
        }
    }

    @Test func `a dead receiver delays only itself and gets everything when it is back`() async throws {
        try await withDatabase { database in
            let (alive, dead) = (Receiver(), Receiver())
            dead.isDead.withLock { $0 = true }
            try await relaying(database, [alive.subscriber("billing"), dead.subscriber("notification")]) { relay in
                for number in 0..<30 { try await database.publish("evt_\(number)", of: "apt_\(number)") }
                await alive.hasReceived(30)
                #expect(dead.ids.isEmpty)
                dead.isDead.withLock { $0 = false }
                await dead.hasReceived(30)
                #expect(relay.counts["notification"]?.deadLettered == 0)
            }
            #expect(dead.ids == (0..<30).map { "evt_\($0)" })
        }
    }

    @Test func `a refused event holds back its aggregate only, and is a dead letter at last`() async throws {
        try await withDatabase { database in
            let receiver = Receiver(refuses: ["evt_bad"])
            try await relaying(database, [receiver.subscriber("billing")]) { relay in
                try await database.publish("evt_bad", of: "apt_1")
                try await database.publish("evt_behind", of: "apt_1")
                try await database.publish("evt_other", of: "apt_2")
                await receiver.hasReceived(2)
                #expect(relay.counts["billing"]?.deadLettered == 1)
            }
            #expect(receiver.ids == ["evt_other", "evt_behind"])
            let letters = try await database.read { try $0.deadLetters(limit: 10) }
            #expect(letters.map(\.eventID) == ["evt_bad"] && letters.map(\.subscriber) == ["billing"])
            #expect(letters.map(\.reason) == ["NO"] && letters.map(\.attempts) == [3] && letters.map(\.place) == [1])
        }
    }

    @Test func `a revived dead letter is delivered`() async throws {
        try await withDatabase { database in
            let refusing = Receiver(refuses: ["evt_bad"])
            try await relaying(database, [refusing.subscriber("billing")]) { relay in
                try await database.publish("evt_bad", of: "apt_1")
                try await database.publish("evt_next", of: "apt_1")
                await refusing.hasReceived(1)
            }
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                let isRevived = try await database.revive("evt_bad", for: "billing")
                #expect(isRevived)
                await receiver.hasReceived(1)
            }
            #expect(receiver.ids == ["evt_bad"])
            #expect(try await database.revive("evt_bad", for: "billing") == false)
        }
    }

    @Test func `a crash between delivery and its record delivers again, and the inbox makes it once`() async throws {
        try await withDatabase { database in
            let store = OutboxStore(database: database, subscriber: "billing", types: nil)
            try await database.publish("evt_1", of: "apt_1")
            // The receiver got it, and the relay died before it recorded that.
            let delivered = try await store.work(limit: 10, at: 0).fresh
            #expect(try await database.claim(delivered[0].event.id, consumer: "billing", at: 1))
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in await receiver.hasReceived(1) }
            #expect(receiver.ids == ["evt_1"])
            #expect(try await database.claim("evt_1", consumer: "billing", at: 2) == false)
        }
    }

    @Test func `a relay goes on where the last one stopped`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { database in
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                try await database.publish("evt_1", of: "apt_1")
                await receiver.hasReceived(1)
            }
            try await database.publish("evt_2", of: "apt_1")
        }
        try await withDatabase(in: folder) { database in
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in await receiver.hasReceived(1) }
            #expect(receiver.ids == ["evt_2"])
        }
    }

    @Test func `a subscriber gets only the types it wants`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing", types: ["bill.created"])]) { _ in
                try await database.publish("evt_1", of: "apt_1")
                try await database.publish("evt_2", of: "apt_1", type: "bill.created")
                await receiver.hasReceived(1)
            }
            #expect(receiver.ids == ["evt_2"])
        }
    }

    @Test func `a delivery under way at a stop is finished and recorded`() async throws {
        try await withDatabase { database in
            let gate = AsyncGate()
            let subscriber = OutboxSubscriber(name: "billing") { _ in
                await gate.pass()
                return OutboxAnswer()
            }
            let relay = OutboxRelay(database, subscribers: [subscriber], options: .quick, logger: quiet)
            try await database.publish("evt_1", of: "apt_1")
            let running = Task { await relay.run() }
            await gate.isEntered()
            relay.stop()
            gate.open()
            await running.value
            #expect(relay.counts["billing"]?.delivered == 1)
            #expect(try await OutboxStore(database: database, subscriber: "billing", types: nil).work(limit: 9, at: 0).isEmpty)
        }
    }

    @Test func `pauses double up to the longest and shrink by the jitter`() {
        var backoff = DeliveryBackoff()
        backoff.jitter = { 1 }
        #expect(
            [1, 2, 3, 9, 10, 99].map { backoff.pause(after: $0) } == [
                .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(25600), .seconds(30), .seconds(30),
            ])
        backoff.jitter = { 0.5 }
        #expect(backoff.pause(after: 2) == .milliseconds(100))
    }

    @Test func `where several events come at once, the next are let come together`() async throws {
        try await withDatabase { database in
            let clock = SteppedClock()
            var options = OutboxRelayOptions.quick
            options.realTime = clock.read
            options.sleepUntil = clock.sleep
            let receiver = Receiver()
            try await database.write { transaction in
                for id in ["evt_1", "evt_2"] { try transaction.publish(event(id, of: id)) }
            }
            let end = clock.read() + options.rushPause.milliseconds
            try await relaying(database, [receiver.subscriber("billing")], options: options) { _ in
                await clock.isSleeping(until: end)
                for id in ["evt_3", "evt_4", "evt_5"] { try await database.publish(id, of: id) }
                clock.advance(by: options.rushPause.milliseconds)
                await receiver.hasReceived(5)
            }
            #expect(receiver.sizes == [2, 3])
        }
    }
}
