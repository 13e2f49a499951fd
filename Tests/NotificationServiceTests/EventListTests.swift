import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import NotificationService

/// What has happened in the hospital, for who asks.
@Suite(.timeLimit(.minutes(10))) struct EventListTests {
    private func listed(
        _ hospital: NotificationServiceUnderTest, _ request: ListEventsRequest = ListEventsRequest()
    ) async throws -> [String] {
        try await hospital.client(.admin).listEvents(request).events.map(\.eventID)
    }

    @Test func `events are listed once, in the order in which they were heard of, from any of them on`() async throws {
        try await withNotifications { hospital in
            let start = NotificationServiceUnderTest.slotStart
            try await hospital.deliver(hospital.booked(id: "evt_1"), hospital.moved(id: "evt_2", to: start + .seconds(1_800), from: start))
            hospital.clock.now = hospital.clock.now + .seconds(3_600)
            try await hospital.deliver(hospital.booked(id: "evt_3"), hospital.booked(id: "evt_1"))
            #expect(try await listed(hospital) == ["evt_1", "evt_2", "evt_3"])
            #expect(try await listed(hospital, ListEventsRequest(after: "evt_1")) == ["evt_2", "evt_3"])
            #expect(try await listed(hospital, ListEventsRequest(after: "evt_3")).isEmpty)
            #expect(try await listed(hospital, ListEventsRequest(eventType: "appointment.booked")) == ["evt_1", "evt_3"])
            let now = ProtobufTimestamp(hospital.clock.now)
            #expect(try await listed(hospital, ListEventsRequest(since: now)) == ["evt_3"])
            let future = ProtobufTimestamp(hospital.clock.now + .seconds(1))
            #expect(try await listed(hospital, ListEventsRequest(since: future)).isEmpty)
            let first = try await hospital.client(.admin).listEvents(ListEventsRequest(pageSize: 2))
            let second = ListEventsRequest(pageSize: 2, pageToken: first.nextPageToken)
            #expect(first.events.count == 2)
            #expect(try await listed(hospital, second) == ["evt_3"])
        }
    }

    @Test func `an event that is not kept, and one that nobody tells, are refused`() async throws {
        try await withNotifications { hospital in
            await expectRefusal(.notFound, "EVENT_NOT_FOUND") { _ = try await listed(hospital, ListEventsRequest(after: "evt_none")) }
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await listed(hospital, ListEventsRequest(eventType: "tea.ready"))
            }
        }
    }

    @Test func `whoever follows misses nothing of what is told by many at once`() async throws {
        try await withNotifications { hospital in
            let (tellers, each) = (8, 25)
            try await withThrowingTaskGroup { group in
                for teller in 0..<tellers {
                    group.addTask {
                        for number in 0..<each { try await hospital.deliver(hospital.booked(id: "evt_\(teller)_\(number)")) }
                    }
                }
                group.addTask {
                    var seen: [String] = []
                    while seen.count < tellers * each { seen += try await listed(hospital, ListEventsRequest(after: seen.last)) }
                    #expect(Set(seen).count == tellers * each)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `what is old is forgotten, but for the newest, after which somebody may ask`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked(id: "evt_1"), hospital.booked(id: "evt_2"))
            let later = hospital.clock.now + .days(1)
            _ = try await hospital.service.resources.database.write { try $0.deleteEvents(receivedBefore: later, limit: 10) }
            #expect(try await listed(hospital) == ["evt_2"])
            try await hospital.deliver(hospital.booked(id: "evt_3"))
            #expect(try await listed(hospital, ListEventsRequest(after: "evt_2")) == ["evt_3"])
        }
    }
}
