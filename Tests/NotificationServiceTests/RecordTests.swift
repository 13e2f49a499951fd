import Contracts
import HMSTestKit
import NotificationRules
import ProtobufJSON
import RPC
import ServiceKit
import Testing

@testable import NotificationService

/// POST /v1/notifications, GET /v1/notifications/{notification_id}, GET /v1/notifications
@Suite(.timeLimit(.minutes(10))) struct RecordTests {
    @Test func `what reception sends goes to the person's address as it is`() async throws {
        try await withNotifications { hospital in
            let metadata = try ProtobufStruct(json: #"{"room":4,"tags":["a"]}"#)
            let request = SendNotificationRequest(
                recipientID: NotificationServiceUnderTest.patientID, channel: .email, message: "Please come at nine.", metadata: metadata)
            let sent = try #require(try await hospital.client(.reception).sendNotification(request).notification)
            #expect(sent.notificationID.hasPrefix("ntf_") && sent.recipient == "asha@example.org")
            #expect(sent.recipientID == NotificationServiceUnderTest.patientID && sent.message == "Please come at nine.")
            #expect(sent.eventType == "message.manual" && sent.status == .pending && sent.attempts == 0 && sent.sentAt == nil)
            #expect(sent.metadata == metadata && sent.version == 1)
            #expect(try await hospital.read(sent.notificationID) == sent)
            try await hospital.handOver()
            #expect(hospital.transport.letters.map(\.message) == ["Please come at nine."])
            #expect(try await hospital.read(sent.notificationID).status == .sent)
        }
    }

    @Test func `a doctor can be told too, by the channel that is asked for`() async throws {
        try await withNotifications { hospital in
            let request = SendNotificationRequest(
                recipientID: NotificationServiceUnderTest.doctorID, channel: .sms, message: "Room 4", eventType: "room.changed")
            let sent = try await hospital.client(.reception).sendNotification(request).notification
            #expect(sent?.recipient == "+919876543211" && sent?.eventType == "room.changed")
        }
    }

    @Test(
        arguments: [
            ("pat_01jq0000000000000000000009", "PATIENT_NOT_FOUND"), ("doc_01jq0000000000000000000009", "DOCTOR_NOT_FOUND"),
            ("apt_01jq0000000000000000000009", "PATIENT_NOT_FOUND"), ("somebody", "PATIENT_NOT_FOUND"),
        ])
    func `who does not exist is not found`(recipientID: String, reason: String) async throws {
        try await withNotifications { hospital in
            let request = SendNotificationRequest(recipientID: recipientID, channel: .email, message: "Hello")
            let reception = try await hospital.client(.reception)
            await expectRefusal(.notFound, reason) { _ = try await reception.sendNotification(request) }
        }
    }

    @Test func `CHANNEL_MISSING where the person has no address for the channel`() async throws {
        try await withNotifications(patient: Patient(name: "A", email: "a@example.org")) { hospital in
            let request = SendNotificationRequest(recipientID: NotificationServiceUnderTest.patientID, channel: .sms, message: "Hello")
            let reception = try await hospital.client(.reception)
            await expectRefusal(.outOfRange, "CHANNEL_MISSING") { _ = try await reception.sendNotification(request) }
            #expect(try await hospital.notifications().isEmpty)
        }
    }

    @Test func `a request without channel or message, or with long metadata, is refused`() async throws {
        try await withNotifications { hospital in
            let reception = try await hospital.client(.reception)
            let id = NotificationServiceUnderTest.patientID
            let long = ProtobufStruct(fields: ["note": ProtobufValue(kind: .stringValue(String(repeating: "x", count: 4_096)))])
            let wrong = [
                SendNotificationRequest(recipientID: id, message: "Hello"), SendNotificationRequest(recipientID: id, channel: .email),
                SendNotificationRequest(recipientID: id, channel: .email, message: String(repeating: "x", count: 2_001)),
                SendNotificationRequest(recipientID: id, channel: .email, message: "Hello", metadata: long),
            ]
            for request in wrong {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await reception.sendNotification(request) }
            }
        }
    }

    @Test func `while the person's service does not answer nothing is stored`() async throws {
        try await withNotifications { hospital in
            hospital.peers.play { $0.failures["patient"] = .unavailable("down") }
            let request = SendNotificationRequest(recipientID: NotificationServiceUnderTest.patientID, channel: .email, message: "Hello")
            let reception = try await hospital.client(.reception)
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await reception.sendNotification(request) }
            #expect(try await hospital.notifications().isEmpty)
        }
    }

    @Test func `a request sent again under its key tells once`() async throws {
        try await withNotifications { hospital in
            let client = try await hospital.client(.reception, idempotencyKey: "one")
            let request = SendNotificationRequest(recipientID: NotificationServiceUnderTest.patientID, channel: .email, message: "Hello")
            let first = try await client.sendNotification(request)
            #expect(try await client.sendNotification(request) == first)
            #expect(try await hospital.notifications().count == 1)
        }
    }

    @Test(arguments: [CallerRole.doctor, .billing, .service])
    func `nobody but reception reads and sends`(role: CallerRole) async throws {
        try await withNotifications { hospital in
            let client = try await hospital.client(role)
            let send = SendNotificationRequest(recipientID: NotificationServiceUnderTest.patientID, channel: .email, message: "Hello")
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await client.sendNotification(send) }
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await client.listNotifications(ListNotificationsRequest())
            }
            let get = GetNotificationRequest(notificationID: "ntf_01jq0000000000000000000000")
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await client.getNotification(get) }
        }
    }

    @Test func `an unknown notification is not found`() async throws {
        try await withNotifications { hospital in
            await expectRefusal(.notFound, "NOTIFICATION_NOT_FOUND") { _ = try await hospital.read("ntf_01jq0000000000000000000000") }
        }
    }

    @Test(
        arguments: [
            (ListNotificationsRequest(), 6), (ListNotificationsRequest(eventType: "bill.created"), 2),
            (ListNotificationsRequest(eventType: "tea.ready"), 0), (ListNotificationsRequest(channel: .email), 3),
            (ListNotificationsRequest(status: .pending), 3), (ListNotificationsRequest(status: .sent), 3),
            (ListNotificationsRequest(status: .failed), 0),
            (ListNotificationsRequest(recipientID: NotificationServiceUnderTest.doctorID), 2),
            (ListNotificationsRequest(channel: .sms, status: .pending, recipientID: NotificationServiceUnderTest.patientID), 2),
        ])
    func `every condition of a list must be met`(request: ListNotificationsRequest, count: Int) async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked(), hospital.event("bill.created", id: "evt_2", EventTests.bill))
            try await hospital.announce()
            try await hospital.handOver(.email)
            #expect(try await hospital.client(.reception).listNotifications(request).notifications.count == count)
        }
    }

    @Test func `pages hold every notification once, newest first`() async throws {
        try await withNotifications { hospital in
            for index in 0..<4 { try await hospital.deliver(hospital.event("bill.created", id: "evt_\(index)", EventTests.bill)) }
            try await hospital.announce()
            let reception = try await hospital.client(.reception)
            var request = ListNotificationsRequest(eventType: "bill.created", pageSize: 3)
            var pages: [[String]] = []
            repeat {
                let page = try await reception.listNotifications(request)
                pages.append(page.notifications.map(\.notificationID))
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(pages.map(\.count) == [3, 3, 2])
            let all = try await hospital.notifications().map(\.notificationID)
            #expect(pages.flatMap { $0 } == all.reversed())
        }
    }
}

extension NotificationServiceUnderTest {
    fileprivate func read(_ notificationID: String) async throws -> Notification {
        let request = GetNotificationRequest(notificationID: notificationID)
        return try #require(try await client(.reception).getNotification(request).notification)
    }
}
