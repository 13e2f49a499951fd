import NotificationRules
import Vocabulary

/// That one person is to be told of one event, from a certain time on.
struct Announcement: Hashable, Sendable {
    /// Of the event, or made for a reminder: the same for all that tell of the same.
    let eventID: String
    let audience: Audience
    let recipientID: String
    let occurrence: Occurrence
    let correlationID: String
    /// By the hospital's clock.
    let dueAt: Instant
}

/// An announcement as the table holds it.
struct StoredAnnouncement: Sendable {
    let sequence: Int64
    let announcement: Announcement
    /// How often a service did not answer that had to be asked.
    let attempts: Int
}

/// What became of an announcement.
enum AnnouncementEnd: String, Sendable {
    /// Its notifications exist, one for each channel that the person has.
    case done = "DONE"
    /// It was no longer right when it was due, or there is no such person.
    case dropped = "DROPPED"
}
