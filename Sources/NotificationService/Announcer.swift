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
    private let realTime: @Sendable () async throws -> Instant
    private let backoff: DeliveryBackoff

    /// Announcements that are settled in one write.
    private static let batchSize = 128

    /// - Parameter realClock: instead of the database's.
    /// - Throws: ``UnknownTimeZone``.
    init(_ resources: ServiceResources, realClock: HospitalClock? = nil) throws {
        self.resources = resources
        realTime = resources.database.realTime(orBy: realClock)
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
            let (now, realTime) = (resources.clock.now(), try await realTime())
            let due = try await resources.database.read { try $0.announcements(dueAt: now, realTime, limit: Self.batchSize) }
            if due.isEmpty { return }
            try await facts.gather(for: due.map(\.announcement))
            let settledAt = try await self.realTime()
            try await write(due.map { settlement(of: $0, given: facts, at: settledAt) })
        }
    }

    private func settlement(of stored: StoredAnnouncement, given facts: AnnouncementFacts, at realTime: Instant) -> Settlement {
        do {
            switch try rightness(of: stored.announcement, given: facts) {
            case .right: return try telling(stored, given: facts, at: realTime)
            case .overtaken: return .ended(stored, .dropped, next: stored.announcement.nextReminder)
            case .wrong: return .ended(stored, .dropped)
            }
        } catch {
            return postponed(stored, because: error, at: realTime)
        }
    }

    /// Only a reminder can have become wrong: the appointment may have been moved or ended since it was planned, and the next
    /// reminder may be due as well.
    private func rightness(of announcement: Announcement, given facts: AnnouncementFacts) throws -> Rightness {
        let occurrence = announcement.occurrence
        guard occurrence.event == .appointmentReminder, let start = occurrence.slotStart else { return .right }
        let now = resources.clock.now()
        if let reminder = announcement.reminder, isOvertaken(reminder, forSlotAt: start, at: now) { return .overtaken }
        let scheduledStart = try facts.scheduledStart(ofAppointment: occurrence.reference)
        return isReminderRight(forSlotAt: start, whereAppointmentStartsAt: scheduledStart, at: now) ? .right : .wrong
    }

    /// The doctor does not wait for a patient of whom nobody can say now who he is.
    private func telling(_ stored: StoredAnnouncement, given facts: AnnouncementFacts, at realTime: Instant) throws -> Settlement {
        let announcement = stored.announcement
        do {
            let drafts = try drafts(of: stored, for: announcement.recipients, given: facts)
            return .ended(stored, drafts == nil ? .dropped : .done, drafts ?? [], next: announcement.nextReminder)
        } catch  where announcement.tellsDoctorToo {
            let doctor = announcement.recipients.filter { $0.audience == .doctor }
            let drafts = try drafts(of: stored, for: doctor, given: facts)
            return postponed(stored, because: error, at: realTime, having: drafts ?? [])
        }
    }

    private func postponed(
        _ stored: StoredAnnouncement, because error: any Error, at realTime: Instant, having drafts: [Draft] = []
    ) -> Settlement {
        var metadata = metadata(of: stored)
        metadata["error"] = "\(error)"
        resources.logger.warning("An announcement waits for another service", metadata: metadata)
        return .postponed(stored, until: realTime + backoff.pause(after: stored.attempts + 1), having: drafts)
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

/// Whether what was to be said still holds.
private enum Rightness {
    case right
    /// The reminder that follows is due as well.
    case overtaken
    case wrong
}

/// What is to become of an announcement.
private enum Settlement: Sendable {
    case ended(StoredAnnouncement, AnnouncementEnd, [Draft] = [], next: Announcement? = nil)
    /// Where there are notifications, the doctor was told, and the patient was not.
    case postponed(StoredAnnouncement, until: Instant, having: [Draft] = [])
}

/// A notification that is to be made.
private struct Draft: Sendable {
    let notification: Notification
    let subject: String?
}

extension Announcer {
    /// Nil where there is nobody to tell.
    private func drafts(of stored: StoredAnnouncement, for recipients: [Recipient], given facts: AnnouncementFacts) throws -> [Draft]? {
        let people = try recipients.compactMap { recipient in
            try facts.person(recipient).map { (recipient: recipient, person: $0) }
        }
        if people.count < recipients.count { resources.logger.warning("There is nobody to tell", metadata: metadata(of: stored)) }
        if people.isEmpty { return nil }
        let whereabouts = try facts.whereabouts(of: stored.announcement, in: resources.clinic.name)
        return people.flatMap { drafts(of: stored.announcement, at: whereabouts, for: $0.person, as: $0.recipient) }
    }

    private func drafts(
        of announcement: Announcement, at whereabouts: Whereabouts, for person: Person, as recipient: Recipient
    ) -> [Draft] {
        Channel.allCases.compactMap { channel in
            person.address(for: channel).map { address in
                let wording = wording(
                    of: announcement.occurrence, at: whereabouts, for: recipient.audience, named: person.name, by: channel, calendar)
                return draft(of: announcement, wording, by: channel, to: address, of: recipient)
            }
        }
    }

    private func draft(
        of announcement: Announcement, _ wording: Wording, by channel: Channel, to address: String, of recipient: Recipient
    ) -> Draft {
        let notification = Notification(
            notificationID: resources.ids.make(.notification), eventType: announcement.occurrence.event.rawValue,
            channel: NotificationChannel(channel), recipient: address, recipientID: recipient.id, message: wording.message,
            metadata: announcement.metadata, status: .pending, createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
        return Draft(notification: notification, subject: wording.subject)
    }
}

extension Transaction {
    fileprivate func settle(_ settlement: Settlement) throws {
        switch settlement {
        case .ended(let stored, let end, let drafts, let next):
            guard try self.end(stored, as: end) else { return }
            try insert(drafts, of: stored.announcement)
            if let next { try insert(next) }
        case .postponed(let stored, let realTime, let drafts):
            let tellsDoctor = stored.announcement.tellsDoctorToo && drafts.isEmpty
            guard try postpone(stored, until: realTime, tellsDoctor: tellsDoctor) else { return }
            try insert(drafts, of: stored.announcement)
        }
    }

    private func insert(_ drafts: [Draft], of announcement: Announcement) throws {
        for draft in drafts {
            try insert(draft.notification, subject: draft.subject, correlationID: announcement.correlationID, eventID: announcement.eventID)
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
