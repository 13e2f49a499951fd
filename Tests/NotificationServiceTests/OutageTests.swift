import Contracts
import HMSTestKit
import NotificationRules
import RPC
import ServiceKit
import Testing
import Vocabulary

@testable import NotificationService

/// Notification rule 4: what was missed arrives when everybody is back.
@Suite(.timeLimit(.minutes(10))) struct OutageTests {
    @Test func `a service that was down for an hour catches up, reminders too`() async throws {
        try await withNotifications { hospital in
            hospital.clock.now = NotificationServiceUnderTest.slotStart - .seconds(24 * 3_600 + 1_800)
            let missed = [hospital.booked(), hospital.event("bill.created", id: "evt_2", EventTests.bill)]
            hospital.clock.advance(by: .seconds(3_600))
            for event in missed { try await hospital.deliver(event) }
            try await hospital.announce()
            try await hospital.handOver()
            let told = try await hospital.told()
            #expect(told.filter { $0.hasPrefix("appointment.booked") }.count == 4)
            #expect(told.filter { $0.hasPrefix("bill.created") }.count == 2)
            #expect(told.filter { $0.hasPrefix("appointment.reminder") }.count == 2, "it was due while the service was down")
            #expect(hospital.transport.letters.count == 8)
        }
    }

    @Test(arguments: ["patient", "doctor"])
    func `while nobody says who a person is, the announcement waits and the others go on`(service: String) async throws {
        try await withNotifications { hospital in
            hospital.peers.play { $0.failures[service] = .unavailable("down") }
            try await hospital.deliver(hospital.booked())
            try await hospital.announce()
            // Every text names the doctor.
            #expect(
                try await hospital.told() == (service == "patient" ? ["appointment.booked doc EMAIL", "appointment.booked doc SMS"] : []))
            for _ in 0..<20 {
                hospital.realClock.advance(by: .seconds(60))
                try await hospital.announce()
            }
            hospital.peers.play { $0.failures = [:] }
            hospital.realClock.advance(by: .seconds(60))
            try await hospital.announce()
            #expect(try await hospital.notifications().count == 4, "it is never given up")
        }
    }

    @Test func `more announcements than one batch are all made`() async throws {
        try await withNotifications { hospital in
            for index in 0..<150 { try await hospital.deliver(hospital.event("bill.created", id: "evt_\(index)", EventTests.bill)) }
            try await hospital.announce()
            try await hospital.handOver()
            #expect(try await hospital.notifications().count == 300)
            #expect(Set(hospital.transport.letters.map(\.notificationID)).count == 300)
            #expect(try await hospital.notifications().allSatisfy { $0.status == .sent })
        }
    }

    @Test func `everybody is asked for once, however many announcements are about him`() async throws {
        try await withNotifications { hospital in
            for index in 0..<20 { try await hospital.deliver(hospital.booked(id: "evt_\(index)")) }
            try await hospital.announce()
            #expect(try await hospital.notifications().count == 80)
            #expect(hospital.peers.asked.sorted() == ["doctor", "patient"])
        }
    }

    @Test func `a service that dies between the hand-over and its record hands over again, and its state is right`() async throws {
        let hospital = try TestHospital()
        let peers = PlayedPeers()
        peers.play { $0.patients[NotificationServiceUnderTest.patientID] = Patient(name: "Asha Rao", email: "asha@example.org") }
        let dying = try await hospital.open(.notification, peers: peers.channels)
        let before = NotificationServiceUnderTest(hospital: hospital, service: dying, peers: peers)
        try await before.deliver(before.event("bill.created", EventTests.bill))
        try await before.announce()
        let deadly = DeadlyTransport(database: dying)
        await #expect(throws: (any Error).self) {
            try await Deliverer(dying.resources, .email, by: deadly, realClock: before.realClock.clock).deliverDue()
        }

        let revived = try await hospital.open(.notification, peers: peers.channels)
        let after = NotificationServiceUnderTest(hospital: hospital, service: revived, peers: peers)
        let pending = try #require(try await after.notifications().first)
        #expect(pending.status == .pending && pending.attempts == 0 && pending.sentAt == nil)
        try await after.handOver()
        try await after.handOver()
        #expect(after.transport.letters.map(\.notificationID) == [pending.notificationID], "the same id, so that receivers know it again")
        let sent = try await after.notifications()
        #expect(sent.map(\.status) == [.sent] && sent.map(\.attempts) == [1] && sent[0].sentAt != nil)
        await revived.close()
    }
}

/// Takes a letter, and the service dies before it can say so.
private struct DeadlyTransport: Transport {
    let database: ServiceAssembly

    func handOver(_ letter: Letter) async -> Handover {
        await database.close()
        return .accepted
    }
}
