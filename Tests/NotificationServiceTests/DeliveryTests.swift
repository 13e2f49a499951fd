import Contracts
import HMSTestKit
import NotificationRules
import RPC
import ServiceKit
import Testing
import Vocabulary

@testable import NotificationService

/// Notification rule 2: PENDING → SENT | FAILED, with 8 tries and growing pauses.
@Suite(.timeLimit(.minutes(10))) struct DeliveryTests {
    @Test func `a notification is SENT when it was handed over, at the hospital's time`() async throws {
        try await withBill { hospital in
            hospital.clock.advance(by: .seconds(90))
            try await hospital.handOver()
            let notification = try await hospital.only()
            #expect(notification.status == .sent && notification.attempts == 1 && notification.lastError == nil)
            #expect(notification.sentAt == ProtobufTimestamp(hospital.clock.now))
            #expect(notification.version == 2)
            let letter = try #require(hospital.transport.letters.first)
            #expect(letter.recipient == "asha@example.org" && letter.subject == "A new bill")
            #expect(letter.message == notification.message && letter.correlationID == "visit-1")
            try await hospital.handOver()
            #expect(hospital.transport.letters.count == 1)
        }
    }

    @Test func `after exactly 8 failed tries it is a dead letter`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .failed("The mail server cannot be reached.")
            for tries: Int32 in 1...8 {
                try await hospital.handOver()
                let notification = try await hospital.only()
                #expect(notification.attempts == tries)
                #expect(notification.status == (tries < 8 ? .pending : .failed))
                #expect(notification.lastError == "The mail server cannot be reached." && notification.sentAt == nil)
                hospital.realClock.advance(by: .seconds(3_600))
            }
            for _ in 0..<3 {
                hospital.realClock.advance(by: .days(1))
                try await hospital.handOver()
            }
            #expect(hospital.transport.letters.count == 8)
        }
    }

    @Test func `pauses double from 30 seconds to an hour at most, shortened at random by up to half`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .failed("busy")
            for longest in [30, 60, 120, 240, 480, 960, 1_920] {
                try await hospital.handOver()
                let tried = hospital.transport.letters.count
                hospital.realClock.advance(by: .seconds(longest) / 2 - .milliseconds(1))
                try await hospital.handOver()
                #expect(hospital.transport.letters.count == tried, "sooner than half of \(longest) s")
                hospital.realClock.advance(by: .seconds(longest) / 2 + .milliseconds(1))
            }
            try await hospital.handOver()
            #expect(hospital.transport.letters.count == 8, "each pause was over after its longest")
        }
    }

    @Test(arguments: [(600, 600), (3_600, 3_600), (86_400, 3_600)])
    func `a try is not made before the other side asked for it, and in an hour at the latest`(asked: Int, pause: Int) async throws {
        try await withBill { hospital in
            hospital.transport.answer = .failed("busy", retryAfter: .seconds(asked))
            try await hospital.handOver()
            hospital.realClock.advance(by: .seconds(pause) - .milliseconds(1))
            try await hospital.handOver()
            #expect(hospital.transport.letters.count == 1)
            hospital.realClock.advance(by: .milliseconds(1))
            try await hospital.handOver()
            #expect(hospital.transport.letters.count == 2)
        }
    }

    @Test func `what is refused for good is a dead letter at once`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .refused("The mail server answered 550.")
            try await hospital.handOver()
            let notification = try await hospital.only()
            #expect(notification.status == .failed && notification.attempts == 1)
            #expect(notification.lastError == "The mail server answered 550.")
        }
    }

    @Test func `a revived dead letter has all its tries again`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .refused("no")
            try await hospital.handOver()
            let revived = try await hospital.retry(try await hospital.only())
            #expect(revived.status == .pending && revived.attempts == 0 && revived.lastError == "no" && revived.version == 3)
            hospital.realClock.now = HospitalClock.system.now() + .seconds(1)
            hospital.transport.answer = .failed("busy")
            for _ in 1...8 {
                try await hospital.handOver()
                hospital.realClock.advance(by: .seconds(3_600))
            }
            #expect(try await hospital.only().status == .failed)
            hospital.transport.answer = .accepted
            _ = try await hospital.retry(try await hospital.only())
            try await hospital.handOver()
            let sent = try await hospital.only()
            #expect(sent.status == .sent && sent.attempts == 1 && sent.lastError == nil)
        }
    }

    @Test func `only a dead letter is revived, and only by an administrator`() async throws {
        try await withBill { hospital in
            let notification = try await hospital.only()
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.retry(notification) }
            try await hospital.handOver()
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.retry(notification) }
            let reception = try await hospital.client(.reception)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await reception.retryNotification(RetryNotificationRequest(notificationID: notification.notificationID))
            }
            await expectRefusal(.notFound, "NOTIFICATION_NOT_FOUND") {
                _ = try await hospital.retry(Notification(notificationID: "ntf_01jq0000000000000000000000"))
            }
        }
    }

    @Test func `nothing is sent to somebody who was forgotten, whoever asks for it`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .refused("no")
            try await hospital.handOver()
            let dead = try await hospital.only()
            let patient = PatientChanged(patientID: NotificationServiceUnderTest.patientID)
            try await hospital.deliver(hospital.event("patient.forgotten", id: "evt_2", patient))
            #expect(try await hospital.only().message == "")
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.retry(dead) }
            let letters = hospital.transport.letters.count
            hospital.realClock.advance(by: .seconds(86_400))
            try await hospital.handOver()
            #expect(hospital.transport.letters.count == letters)
            #expect(try await hospital.only().status == .failed)
        }
    }

    @Test func `letters that cost no more together are handed over as one batch, and each has its own end`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            try await hospital.announce()
            let transport = PlayedBatchTransport(endings: [.accepted, .refused("no such box")])
            try await hospital.handOver(.email, by: transport)
            #expect(transport.batches.map(\.count) == [2])
            let ended = try await hospital.notifications().filter { $0.channel == .email }
            let toPatient = try #require(transport.batches.first?.first?.recipientID)
            for notification in ended {
                #expect(notification.status == (notification.recipientID == toPatient ? .sent : .failed))
                #expect(notification.attempts == 1 && (notification.sentAt == nil) == (notification.status == .failed))
            }
            try await hospital.handOver(.email, by: transport)
            #expect(transport.batches.count == 1, "nothing was due")
        }
    }

    @Test func `a dead letter is logged with its visit, and without the person`() async throws {
        try await withBill { hospital in
            hospital.transport.answer = .refused("no")
            try await hospital.handOver()
            let line = try #require(hospital.hospital.log.lines.first { $0.contains("dead letter") })
            #expect(line.contains("visit-1"))
            #expect(!hospital.hospital.log.lines.contains { $0.contains("asha@example.org") || $0.contains("Asha Rao") })
        }
    }
}

/// Runs a test with one notification, by e-mail, of a bill.
private func withBill(_ test: (NotificationServiceUnderTest) async throws -> Void) async throws {
    try await withNotifications(patient: Patient(name: "Asha Rao", email: "asha@example.org")) { hospital in
        try await hospital.deliver(hospital.event("bill.created", EventTests.bill))
        try await hospital.announce()
        try await test(hospital)
    }
}

extension NotificationServiceUnderTest {
    fileprivate func only() async throws -> Notification {
        let notifications = try await notifications()
        #expect(notifications.count == 1)
        return try #require(notifications.first)
    }

    fileprivate func retry(_ notification: Notification) async throws -> Notification {
        let request = RetryNotificationRequest(notificationID: notification.notificationID)
        return try #require(try await client(.admin).retryNotification(request).notification)
    }
}
