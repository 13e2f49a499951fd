import Contracts
import Logging
import NotificationRules
import ProtobufC
import RPC
import ServiceKit
import Storage
import Vocabulary

/// Turns announcements that are due into notifications: one for each channel that the person has.
struct Announcer: Sendable {
    private let resources: ServiceResources
    private let peers: NotificationPeers
    private let calendar: ClinicCalendar
    private let realClock: HospitalClock
    private let backoff: Storage.Backoff

    private static let batchSize = 64

    /// - Throws: ``UnknownTimeZone``.
    init(_ resources: ServiceResources, realClock: HospitalClock = .system) throws {
        self.resources = resources
        self.realClock = realClock
        peers = NotificationPeers(resources.peers)
        calendar = try resources.clinic.calendar()
        var backoff = Storage.Backoff()
        backoff.first = .seconds(1)
        self.backoff = backoff
    }

    /// Goes on until nothing is due. What cannot be settled because another service does not answer comes again later: an
    /// announcement is never given up.
    func announceDue() async throws {
        while true {
            let (now, realTime) = (resources.clock.now(), realClock.now())
            let due = try await resources.database.read { try $0.announcements(dueAt: now, realTime, limit: Self.batchSize) }
            try await withThrowingTaskGroup { group in
                for stored in due { group.addTask { try await settle(stored) } }
                try await group.waitForAll()
            }
            if due.count < Self.batchSize { return }
        }
    }

    private func settle(_ stored: StoredAnnouncement) async throws {
        do {
            guard try await isRight(stored.announcement) else { return try await end(stored, as: .dropped) }
            guard let person = try await peers.recipient(of: stored.announcement) else {
                resources.logger.warning("There is nobody to tell", metadata: metadata(of: stored))
                return try await end(stored, as: .dropped)
            }
            let whereabouts = try await peers.whereabouts(of: stored.announcement, in: resources.clinic.name)
            try await end(stored, as: .done, drafts(of: stored.announcement, at: whereabouts, for: person))
        } catch let error as RPCError where !Task.isCancelled {
            var metadata = metadata(of: stored)
            metadata["error"] = "\(error)"
            resources.logger.warning("An announcement waits for another service", metadata: metadata)
            let pause = backoff.pause(after: stored.attempts + 1)
            let realTime = realClock.now() + pause
            try await resources.database.write { try $0.postpone(stored, until: realTime) }
        }
    }

    /// Only a reminder can have become wrong: the appointment may have been moved or ended since it was planned, and the next
    /// reminder may be due as well.
    private func isRight(_ announcement: Announcement) async throws -> Bool {
        let occurrence = announcement.occurrence
        guard occurrence.event == .appointmentReminder, let start = occurrence.slotStart else { return true }
        if let reminder = announcement.reminder, isOvertaken(reminder, forSlotAt: start, at: resources.clock.now()) { return false }
        let scheduledStart = try await peers.scheduledStart(
            ofAppointment: occurrence.reference, correlationID: announcement.correlationID)
        return isReminderRight(forSlotAt: start, whereAppointmentStartsAt: scheduledStart, at: resources.clock.now())
    }

    private func end(_ stored: StoredAnnouncement, as end: AnnouncementEnd, _ drafts: [Draft] = []) async throws {
        let announcement = stored.announcement
        try await resources.database.write { transaction in
            guard try transaction.end(stored, as: end) else { return }
            for draft in drafts {
                try transaction.insert(
                    draft.notification, subject: draft.subject, correlationID: announcement.correlationID, eventID: announcement.eventID)
            }
        }
    }

    private func metadata(of stored: StoredAnnouncement) -> Logger.Metadata {
        [
            "event": "\(stored.announcement.eventID)", "type": "\(stored.announcement.occurrence.event.rawValue)",
            "recipient_id": "\(stored.announcement.recipientID)", "correlation_id": "\(stored.announcement.correlationID)",
        ]
    }
}

// MARK: - What people are told

/// A notification that is to be made.
private struct Draft: Sendable {
    let notification: Notification
    let subject: String?
}

extension Announcer {
    private func drafts(of announcement: Announcement, at whereabouts: Whereabouts, for person: Person) -> [Draft] {
        Channel.allCases.compactMap { channel in
            person.address(for: channel).map { address in
                let wording = wording(
                    of: announcement.occurrence, at: whereabouts, for: announcement.audience, named: person.name, by: channel, calendar)
                return draft(of: announcement, wording, by: channel, to: address)
            }
        }
    }

    private func draft(of announcement: Announcement, _ wording: Wording, by channel: Channel, to address: String) -> Draft {
        let notification = Notification(
            notificationID: resources.ids.make(NotificationID.self).rawValue, eventType: announcement.occurrence.event.rawValue,
            channel: NotificationChannel(channel), recipient: address, recipientID: announcement.recipientID, message: wording.message,
            metadata: announcement.metadata, status: .pending, createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
        return Draft(notification: notification, subject: wording.subject)
    }
}

extension Announcement {
    fileprivate var metadata: ProtobufStruct {
        ProtobufStruct(fields: [
            "event_id": .text(eventID), "reference": .text(occurrence.reference), "correlation_id": .text(correlationID),
        ])
    }
}
