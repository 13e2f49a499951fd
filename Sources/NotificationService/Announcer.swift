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
    private let backoff: DeliveryBackoff

    /// Announcements that are settled in one write.
    private static let batchSize = 128

    /// - Throws: ``UnknownTimeZone``.
    init(_ resources: ServiceResources, realClock: HospitalClock = .system) throws {
        self.resources = resources
        self.realClock = realClock
        peers = NotificationPeers(resources.peers)
        calendar = try resources.clinic.calendar()
        var backoff = DeliveryBackoff()
        backoff.first = .seconds(1)
        self.backoff = backoff
    }

    /// Goes on until nothing is due. What cannot be settled because another service does not answer comes again later: an
    /// announcement is never given up.
    func announceDue() async throws {
        var facts = AnnouncementFacts(peers)
        while true {
            let (now, realTime) = (resources.clock.now(), realClock.now())
            let due = try await resources.database.read { try $0.announcements(dueAt: now, realTime, limit: Self.batchSize) }
            if !due.isEmpty {
                try await facts.gather(for: due.map(\.announcement))
                try await write(due.map { settlement(of: $0, given: facts) })
            }
            if due.count < Self.batchSize { return }
        }
    }

    private func settlement(of stored: StoredAnnouncement, given facts: AnnouncementFacts) -> Settlement {
        do {
            guard try isRight(stored.announcement, given: facts) else { return .ended(stored, .dropped) }
            guard let person = try facts.recipient(of: stored.announcement) else {
                resources.logger.warning("There is nobody to tell", metadata: metadata(of: stored))
                return .ended(stored, .dropped)
            }
            let whereabouts = try facts.whereabouts(of: stored.announcement, in: resources.clinic.name)
            return .ended(stored, .done, drafts(of: stored.announcement, at: whereabouts, for: person))
        } catch {
            var metadata = metadata(of: stored)
            metadata["error"] = "\(error)"
            resources.logger.warning("An announcement waits for another service", metadata: metadata)
            return .postponed(stored, until: realClock.now() + backoff.pause(after: stored.attempts + 1))
        }
    }

    /// Only a reminder can have become wrong: the appointment may have been moved or ended since it was planned, and the next
    /// reminder may be due as well.
    private func isRight(_ announcement: Announcement, given facts: AnnouncementFacts) throws -> Bool {
        let occurrence = announcement.occurrence
        guard occurrence.event == .appointmentReminder, let start = occurrence.slotStart else { return true }
        if let reminder = announcement.reminder, isOvertaken(reminder, forSlotAt: start, at: resources.clock.now()) { return false }
        let scheduledStart = try facts.scheduledStart(ofAppointment: occurrence.reference)
        return isReminderRight(forSlotAt: start, whereAppointmentStartsAt: scheduledStart, at: resources.clock.now())
    }

    /// Settles all in one write, or each in its own where that fails, so that one does not hold up the others.
    private func write(_ settlements: [Settlement]) async throws {
        do {
            try await resources.database.write { transaction in
                for settlement in settlements { try transaction.settle(settlement) }
            }
        } catch  where settlements.count > 1 && !Task.isCancelled {
            for settlement in settlements { try await resources.database.write { try $0.settle(settlement) } }
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

/// What is to become of an announcement.
private enum Settlement: Sendable {
    case ended(StoredAnnouncement, AnnouncementEnd, [Draft] = [])
    case postponed(StoredAnnouncement, until: Instant)
}

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

extension Transaction {
    fileprivate func settle(_ settlement: Settlement) throws {
        switch settlement {
        case .ended(let stored, let end, let drafts):
            guard try self.end(stored, as: end) else { return }
            let announcement = stored.announcement
            for draft in drafts {
                try insert(
                    draft.notification, subject: draft.subject, correlationID: announcement.correlationID, eventID: announcement.eventID)
            }
        case .postponed(let stored, let realTime):
            try postpone(stored, until: realTime)
        }
    }
}

extension Announcement {
    fileprivate var metadata: ProtobufStruct {
        ProtobufStruct(fields: [
            "event_id": .text(eventID), "reference": .text(occurrence.reference), "correlation_id": .text(correlationID),
        ])
    }
}
